/** Waveform and spectrogram of what has come, rolling, in the lanes of a track's pictures. */

import { byId, el } from "../core/dom.mjs";
import { onTheme, theme } from "../core/theme.mjs";
import { createWaveform } from "../pictures/waveform.mjs";
import { BANDS, COLUMN_SECONDS } from "./roll.mjs";

/** `#rrggbb` as three numbers. */
const rgb = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

/** A table of 256 colours along Plotly's colour scale of `[position, colour]`. */
export function shades(scale) {
  return Array.from({ length: 256 }, (_, index) => {
    const at = index / 255;
    const next = Math.max(1, scale.findIndex(([position]) => position >= at));
    const [[p0, c0], [p1, c1]] = [scale[next - 1], scale[next]];
    const share = (at - p0) / (p1 - p0);
    const to = rgb(c1);
    return rgb(c0).map((value, part) => Math.round(value + share * (to[part] - value)));
  });
}

export function createPictures({ templates }) {
  const mount = el("div", { class: "waveform live-only", id: "live-waveform" });
  byId("waveform").after(mount);
  const waveform = createWaveform(mount);
  const canvas = el("canvas", { class: "live-spectrogram" });
  byId("spectrogram").closest(".lane").append(el("div", { class: "plot-window live-only" }, canvas));
  const context = canvas.getContext("2d");
  const tables = Object.fromEntries(
    Object.entries(templates).map(([name, { data }]) => [name, shades(data.heatmap[0].colorscale)]),
  );
  let last = null;

  const draw = (roll, fromSeconds, seconds) => {
    last = [roll, fromSeconds, seconds];
    const from = Math.floor(fromSeconds / COLUMN_SECONDS);
    const n = Math.round(seconds / COLUMN_SECONDS);
    waveform.show(roll.peaks(from, n));
    const table = tables[theme()];
    if (canvas.width !== n || canvas.height !== BANDS) Object.assign(canvas, { width: n, height: BANDS });
    const image = context.createImageData(n, BANDS);
    for (let band = 0; band < BANDS; band += 1) {
      for (let column = 0; column < n; column += 1) {
        const place = 4 * ((BANDS - 1 - band) * n + column);
        const [red, green, blue] = table[Math.round(255 * roll.shade(from + column, band))];
        image.data[place] = red;
        image.data[place + 1] = green;
        image.data[place + 2] = blue;
        image.data[place + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  };
  onTheme(() => last && draw(...last));
  return { draw };
}
