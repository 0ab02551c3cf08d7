/**
 * The treatment of the sound as a chain of WebAudio nodes. The same chain is heard and, rendered without being heard, is
 * scored: what one hears is what the network hears.
 */

import { hertz, OFF } from "./knobs.mjs";

const WORKLET = new URL("worklet.mjs", import.meta.url);
const STEEP = [0.5412, 1.3066]; // Two biquads as one Butterworth filter of the fourth order: 24 dB an octave.
const NOISE_SECONDS = 2;
const GLIDE_SECONDS = 0.02;

/** Same noise each time, so that the same knobs give the same scores: a linear congruential generator. */
export function noiseSamples(n) {
  let state = 12345;
  const rms = 1 / Math.sqrt(3); // Of evenly spread numbers in -1 to 1.
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) / rms;
  });
}

const amplitude = (db) => 10 ** (db / 20);

/** How much faster sound flows, and how much its pitch must be moved so that only what is asked for changes. */
export const ratesOf = ({ pitch, tempo }, speed = 1) => {
  const rate = (speed * tempo) / 100;
  return { rate, ratio: 2 ** (pitch / 12) / rate };
};

/** Load what a context needs to move a pitch. */
export const prepare = (context) => context.audioWorklet.addModule(WORKLET);

/**
 * Build the chain in a context, prepared where `hasPitch`. Gives `{ input, output, set(values, ratio) }`; `ratio` is that
 * of the pitch.
 */
export function createChain(context, { hasPitch }) {
  const filters = Object.entries({
    highPass: ["highpass", "highpass"],
    lowPass: ["lowpass", "lowpass"],
    bass: ["lowshelf"],
    middle: ["peaking"],
    treble: ["highshelf"],
  }).flatMap(([name, types]) =>
    types.map((type, place) => {
      const node = context.createBiquadFilter();
      node.type = type;
      if (types.length > 1) node.Q.value = 20 * Math.log10(STEEP[place]); // These take their Q in dB.
      return { name, node };
    }),
  );
  const of = (name) => filters.filter((filter) => filter.name === name).map(({ node }) => node);
  of("bass")[0].frequency.value = 250;
  of("middle")[0].frequency.value = 1000;
  of("middle")[0].Q.value = 0.7;
  of("treble")[0].frequency.value = 4000;
  const input = context.createGain();
  const straight = context.createGain(); // Past what moves the pitch, which holds sound back.
  const gain = context.createGain();
  const output = context.createGain();
  const noise = context.createBufferSource();
  const noiseGain = context.createGain();
  const buffer = context.createBuffer(1, NOISE_SECONDS * context.sampleRate, context.sampleRate);
  buffer.copyToChannel(noiseSamples(buffer.length), 0);
  Object.assign(noise, { buffer, loop: true });
  [input, straight, ...filters.map(({ node }) => node), gain, output].reduce((from, to) => from.connect(to));
  const pitch = hasPitch && new AudioWorkletNode(context, "pitch", { outputChannelCount: [2] });
  if (pitch) input.connect(pitch).connect(filters[0].node);
  noise.connect(noiseGain).connect(output);
  noise.start();

  const nyquist = context.sampleRate / 2;
  const glide = (parameter, value, isAtOnce) =>
    isAtOnce ? (parameter.value = value) : parameter.setTargetAtTime(value, context.currentTime, GLIDE_SECONDS);

  return {
    input,
    output,
    set(values, ratio, { isAtOnce = false } = {}) {
      const put = (parameter, value) => glide(parameter, value, isAtOnce);
      for (const node of of("lowPass")) put(node.frequency, values.lowPass === OFF.lowPass ? nyquist : Math.min(nyquist, hertz(values.lowPass)));
      for (const node of of("highPass")) put(node.frequency, values.highPass === OFF.highPass ? 0 : hertz(values.highPass));
      for (const name of ["bass", "middle", "treble"]) put(of(name)[0].gain, values[name]);
      put(gain.gain, amplitude(values.gain));
      put(noiseGain.gain, values.noise === OFF.noise ? 0 : amplitude(values.noise));
      gain.channelCountMode = values.mono ? "explicit" : "max";
      gain.channelCount = values.mono ? 1 : 2;
      if (!pitch) return;
      put(straight.gain, ratio === 1 ? 1 : 0);
      pitch.parameters.get("ratio").value = ratio;
    },
  };
}
