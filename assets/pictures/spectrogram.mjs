/** The log-mel picture: one heatmap a track. */

import { dress, timeAxis } from "./plots.mjs";

export const COLUMNS = 1200;
const LEVELS = 255;

/** The answer's base64 bytes as rows of dB, lowest band first. */
export function decodeRows({ db, bands, columns, floor_db: floor }) {
  const bytes = Uint8Array.from(atob(db), (character) => character.charCodeAt(0));
  return Array.from({ length: bands }, (_, band) =>
    Float32Array.from(bytes.subarray(band * columns, (band + 1) * columns), (value) => floor * (1 - value / LEVELS)),
  );
}

const hertz = (value) => (value < 1000 ? `${Math.round(value)} Hz` : `${(value / 1000).toFixed(value < 9950 ? 1 : 0)} kHz`);

/** Names of the bands for the hover, each once, as a category axis needs. */
function bandNames(centres) {
  const seen = new Map();
  return centres.map((centre) => {
    const name = hertz(centre);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return name + "\u200b".repeat(count);
  });
}

/** Band, with its fraction, at which a frequency lies. */
function bandAt(centres, value) {
  const above = centres.findIndex((centre) => centre >= value);
  if (above <= 0) return above;
  return above - 1 + (value - centres[above - 1]) / (centres[above] - centres[above - 1]);
}

export function createSpectrogram(graph, { templates, ticksHz, timeZeroMs }) {
  const layout = dress(graph, templates, (_, narrow) => ({ xaxis: { ...graph.layout.xaxis, nticks: narrow ? 5 : 10 } }));
  return {
    show(picture, rate) {
      const durationMs = (picture.duration_samples / rate) * 1000;
      const step = (picture.hop_samples / rate) * 1000;
      const trace = {
        ...graph.data[0],
        z: decodeRows(picture),
        x0: timeZeroMs + step / 2,
        dx: step,
        y: bandNames(picture.centre_hz),
      };
      const base = layout();
      const ticks = ticksHz.filter((value) => bandAt(picture.centre_hz, value) >= 0);
      return window.Plotly.react(graph, [trace], {
        ...base,
        xaxis: timeAxis(base.xaxis, timeZeroMs, durationMs),
        yaxis: {
          ...base.yaxis,
          range: [-0.5, picture.bands - 0.5],
          tickvals: ticks.map((value) => bandAt(picture.centre_hz, value)),
          ticktext: ticks.map((value) => (value < 1000 ? `${value}` : `${value / 1000}k`)),
        },
      });
    },
  };
}
