/** Scores a window as it sounds with the knobs turned: the chain rendered over it, and the samples sent to be classified. */

import * as api from "../core/api.mjs";
import { createChain, prepare, ratesOf } from "./chain.mjs";
import { delayOf } from "./pitch.mjs";

const LEAD_SECONDS = 0.5; // Before the window, for filters and frames to begin.
const FULL_SCALE = 32768;

/** Samples as a 16-bit mono WAV, limited as a sound card limits them. */
export function wav(samples, rate) {
  const bytes = new ArrayBuffer(44 + 2 * samples.length);
  const view = new DataView(bytes);
  const text = (at, word) => [...word].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  const out = new Int16Array(bytes, 44);
  for (let n = 0; n < samples.length; n += 1) {
    out[n] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(samples[n] * FULL_SCALE)));
  }
  return new Blob([bytes], { type: "audio/wav" });
}

/**
 * Render what is heard in the `windowSeconds` up to `end` (seconds of the track). `read` gives stretches of the track.
 * Gives `{ samples, rate }`, mono.
 */
export async function render(read, end, windowSeconds, values, signal) {
  const { rate: speed, ratio } = ratesOf(values);
  const hasPitch = Math.abs(ratio - 1) > 1e-6;
  const spare = hasPitch ? 2 * delayOf(ratio) / 44_100 : 0; // Sound that the frames hold back.
  const from = end - speed * (windowSeconds + LEAD_SECONDS + spare);
  const { rate, channels } = await read(from, end, signal);
  const nWindow = Math.round(windowSeconds * rate);
  const context = new OfflineAudioContext(1, Math.floor(channels[0].length / speed), rate);
  if (hasPitch) await prepare(context);
  const buffer = context.createBuffer(channels.length, channels[0].length, rate);
  channels.forEach((channel, place) => buffer.copyToChannel(channel, place));
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.playbackRate.value = speed;
  const chain = createChain(context, { hasPitch });
  chain.set(values, ratio, { isAtOnce: true });
  source.connect(chain.input);
  chain.output.connect(context.destination);
  source.start();
  const rendered = (await context.startRendering()).getChannelData(0);
  return { samples: rendered.subarray(Math.max(0, rendered.length - nWindow)), rate };
}

/** The scores of samples: `{ state, genre, probabilities }`. */
export const score = async ({ samples, rate }, signal) => (await api.classify(wav(samples, rate), signal)).windows[0];
