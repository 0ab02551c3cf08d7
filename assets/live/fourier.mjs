/** The spectrum of a frame of sound in mel bands, for the rolling picture; the network's own is made on the server. */

import { createTransform } from "../core/fourier.mjs";

/** Power spectrum of 2 ** `bits` samples under a Hann window: `power(samples)` gives half as many values. */
export function createSpectrum(bits) {
  const n = 2 ** bits;
  const transform = createTransform(bits);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  const out = new Float32Array(n / 2);
  const hann = Float32Array.from({ length: n }, (_, place) => 0.5 - 0.5 * Math.cos((2 * Math.PI * place) / n));

  return (samples) => {
    for (let place = 0; place < n; place += 1) re[place] = samples[place] * hann[place];
    im.fill(0);
    transform(re, im);
    for (let place = 0; place < n / 2; place += 1) out[place] = re[place] ** 2 + im[place] ** 2;
    return out;
  };
}

const LOG_STEP = Math.log(6.4) / 27;
const toMel = (hz) => (hz < 1000 ? (hz * 3) / 200 : 15 + Math.log(hz / 1000) / LOG_STEP);
const toHz = (mel) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((mel - 15) * LOG_STEP));

/** First and last bin of each of `bands` mel bands (Slaney's scale) up to `highest` Hz. */
export function melBins(bands, highest, rate, n) {
  const edge = (band) => (toHz((toMel(highest) * band) / (bands + 1)) * n) / rate;
  return Array.from({ length: bands }, (_, band) => {
    const low = Math.min(n / 2 - 1, Math.floor(edge(band + 0.5)));
    return [low, Math.min(n / 2 - 1, Math.max(low, Math.ceil(edge(band + 1.5)) - 1))];
  });
}
