/** What has come, kept for drawing: extremes and mel bands of each quarter of a second. */

import { createSpectrum, melBins } from "./fourier.mjs";

export const COLUMN_SECONDS = 0.25;
export const BANDS = 96;
const FRAME_BITS = 11;
const FRAME = 2 ** FRAME_BITS;
const FULL_SCALE = 32768;
const FLOOR_DB = -80;

/** `highest`: the frequency in Hz up to which bands reach. */
export function createRoll(rate, highest) {
  const power = createSpectrum(FRAME_BITS);
  const bins = melBins(BANDS, highest, rate, FRAME);
  const columnSamples = Math.round(COLUMN_SECONDS * rate);
  const frame = new Float32Array(FRAME);
  const low = [];
  const high = [];
  const bands = []; // One Float32Array of dB a column.
  let inFrame = 0;
  let inColumn = 0;
  let least = 0;
  let most = 0;
  let loudest = null;
  let top = FLOOR_DB;

  const listen = () => {
    const spectrum = power(frame);
    loudest ??= new Float32Array(BANDS);
    bins.forEach(([from, to], band) => {
      let sum = 0;
      for (let bin = from; bin <= to; bin += 1) sum += spectrum[bin];
      loudest[band] = Math.max(loudest[band], sum / (to - from + 1));
    });
  };
  const close = () => {
    low.push(least);
    high.push(most);
    const levels = Float32Array.from(loudest ?? new Float32Array(BANDS), (value) => 10 * Math.log10(value + 1e-12));
    for (const level of levels) top = Math.max(top, level);
    bands.push(levels);
    inColumn = 0;
    least = 0;
    most = 0;
    loudest = null;
  };

  return {
    get columns() {
      return bands.length;
    },
    add(pcm) {
      for (const value of pcm) {
        const sample = value / FULL_SCALE;
        if (sample < least) least = sample;
        if (sample > most) most = sample;
        frame[inFrame] = sample;
        inFrame += 1;
        inColumn += 1;
        if (inFrame === FRAME) {
          listen();
          inFrame = 0;
        }
        if (inColumn === columnSamples) close();
      }
    },
    /** The extremes of `n` columns from the given one on; what has not come yet is still. */
    peaks(from, n) {
      const part = (list) => Array.from({ length: n }, (_, column) => list[from + column] ?? 0);
      return { n, min: part(low), max: part(high) };
    },
    /** How loud a band was in a column, 0 to 1 within 80 dB of the loudest so far; 0 where nothing has come. */
    shade(column, band) {
      const level = bands[column]?.[band] ?? top + FLOOR_DB;
      return Math.max(0, 1 - (level - top) / FLOOR_DB);
    },
  };
}
