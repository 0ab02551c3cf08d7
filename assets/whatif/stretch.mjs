/** Stretches of a track's sound as it is played, by ranges of its WAV file. */

import * as api from "../core/api.mjs";

const HEADER_BYTES = 4096;

/** Read a WAV's header: `{ rate, nChannels, start }`, the last in bytes. */
export function readHeader(bytes) {
  const view = new DataView(bytes);
  const name = (at) => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  let found = {};
  for (let at = 12; at + 8 <= bytes.byteLength; at += 8 + view.getUint32(at + 4, true)) {
    if (name(at) === "fmt ") found = { nChannels: view.getUint16(at + 10, true), rate: view.getUint32(at + 12, true) };
    if (name(at) === "data") return { ...found, start: at + 8 };
  }
  throw new Error("The sound has no header that is understood.");
}

const ranged = async (address, from, to, signal) => {
  const response = await api.request(address, { headers: { Range: `bytes=${from}-${to - 1}` }, signal });
  return response.arrayBuffer();
};

/** `id` names a track. Gives `read(fromSeconds, toSeconds, signal)`, which promises `{ rate, channels }`. */
export function createStretches(id) {
  const address = api.audioUrl(id);
  let header = null;
  return async (from, to, signal) => {
    header ??= readHeader(await ranged(address, 0, HEADER_BYTES, signal));
    const { rate, nChannels, start } = header;
    const [first, end] = [from, to].map((seconds) => Math.round(seconds * rate));
    const frame = 2 * nChannels;
    const bytes = await ranged(address, start + Math.max(0, first) * frame, start + end * frame, signal);
    const samples = new Int16Array(bytes, 0, Math.floor(bytes.byteLength / frame) * nChannels);
    const channels = Array.from({ length: nChannels }, () => new Float32Array(end - first));
    for (let n = 0; n < samples.length / nChannels; n += 1) {
      channels.forEach((channel, place) => {
        channel[n + Math.max(0, -first)] = samples[n * nChannels + place] / 32768;
      });
    }
    return { rate, channels };
  };
}
