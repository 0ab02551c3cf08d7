/** The spectrum of a frame of sound in mel bands, for the rolling picture; the network's own is made on the server. */

/** Power spectrum of 2 ** `bits` samples under a Hann window: `power(samples)` gives half as many values. */
export function createSpectrum(bits) {
  const n = 2 ** bits;
  const re = new Float32Array(n);
  const im = new Float32Array(n);
  const out = new Float32Array(n / 2);
  const hann = Float32Array.from({ length: n }, (_, place) => 0.5 - 0.5 * Math.cos((2 * Math.PI * place) / n));
  const cos = Float32Array.from({ length: n / 2 }, (_, place) => Math.cos((2 * Math.PI * place) / n));
  const sin = Float32Array.from({ length: n / 2 }, (_, place) => Math.sin((2 * Math.PI * place) / n));
  const reversed = Uint32Array.from({ length: n }, (_, place) => {
    let turned = 0;
    for (let bit = 0; bit < bits; bit += 1) turned |= ((place >> bit) & 1) << (bits - 1 - bit);
    return turned;
  });

  return (samples) => {
    for (let place = 0; place < n; place += 1) {
      re[reversed[place]] = samples[place] * hann[place];
    }
    im.fill(0);
    for (let size = 2; size <= n; size *= 2) {
      const half = size / 2;
      const step = n / size;
      for (let start = 0; start < n; start += size) {
        for (let k = 0; k < half; k += 1) {
          const a = start + k;
          const b = a + half;
          const c = cos[k * step];
          const s = sin[k * step];
          const x = re[b] * c + im[b] * s;
          const y = im[b] * c - re[b] * s;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
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
