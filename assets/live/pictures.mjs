/** Waveform and spectrogram of what has come, rolling, in the lanes of a track's pictures. */

import { byId, el } from "../core/dom.mjs";
import { onTheme, theme } from "../core/theme.mjs";
import { paint, shades } from "../pictures/shades.mjs";
import { createWaveform } from "../pictures/waveform.mjs";
import { BANDS, COLUMN_SECONDS } from "./roll.mjs";

export function createPictures({ scales }) {
  const mount = el("div", { class: "waveform live-only", id: "live-waveform" });
  byId("waveform").after(mount);
  const waveform = createWaveform(mount);
  const canvas = el("canvas", { class: "live-spectrogram" });
  byId("spectrogram").closest(".lane").append(el("div", { class: "plot-window live-only" }, canvas));
  const tables = Object.fromEntries(Object.entries(scales).map(([name, scale]) => [name, shades(scale)]));
  let last = null;

  const draw = (roll, fromSeconds, seconds) => {
    last = [roll, fromSeconds, seconds];
    const from = Math.floor(fromSeconds / COLUMN_SECONDS);
    const n = Math.round(seconds / COLUMN_SECONDS);
    waveform.show(roll.peaks(from, n));
    const shade = (column, band) => Math.round(255 * roll.shade(from + column, band));
    paint(canvas, { columns: n, bands: BANDS, shade }, tables[theme()]);
  };
  onTheme(() => last && draw(...last));
  return { draw };
}
