/**
 * The log-mel picture of a track, and what lies under the hand: its time, frequency and level. Painted here and not by
 * Plotly, which would be waited for, and which takes a quarter of a second for a heatmap.
 */

import { el, setText } from "../core/dom.mjs";
import { clockTenths, number } from "../core/format.mjs";
import { onTheme, theme } from "../core/theme.mjs";
import { bandAt, bytesOf, hertz } from "./bands.mjs";
import { paint, shades } from "./shades.mjs";

const LEVELS = 255;
const hovers = matchMedia("(hover: hover)");

/** `mount` is the lane's inside: an axis, a window, a readout. */
export function createSpectrogram(mount, { scales, ticksHz }) {
  const canvas = el("canvas", { class: "spectrogram-picture" });
  const axis = el("div", { class: "spectrogram-axis", "aria-hidden": "true" });
  const readout = el("p", { class: "readout", hidden: true, "aria-hidden": "true" });
  mount.append(axis, el("div", { class: "plot-window" }, el("div", { class: "track-strip" }, canvas), readout));
  const tables = Object.fromEntries(Object.entries(scales).map(([name, scale]) => [name, shades(scale)]));
  let picture = null;
  let bytes = null;
  let seconds = 1;

  const draw = () => {
    if (!picture) return;
    const { bands, columns } = picture;
    paint(canvas, { columns, bands, shade: (column, band) => bytes[band * columns + column] }, tables[theme()]);
  };
  const drawAxis = () => {
    const ticks = ticksHz.filter((value) => bandAt(picture.centre_hz, value) >= 0);
    axis.replaceChildren(
      ...ticks.map((value) => {
        const tick = el("span", {}, value < 1000 ? `${value}` : `${value / 1000}k`);
        tick.style.bottom = `${(100 * (bandAt(picture.centre_hz, value) + 0.5)) / picture.bands}%`;
        return tick;
      }),
    );
  };
  const read = (event) => {
    if (!picture || event.pointerType !== "mouse" || !hovers.matches) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    readout.hidden = x < 0 || x >= 1 || y < 0 || y >= 1;
    if (readout.hidden) return;
    const column = Math.floor(x * picture.columns);
    const band = Math.floor((1 - y) * picture.bands);
    const db = Math.round(picture.floor_db * (1 - bytes[band * picture.columns + column] / LEVELS));
    setText(readout, `${clockTenths(x * seconds)}  ${hertz(picture.centre_hz[band])}  ${number(db)} dB`);
    const lane = mount.getBoundingClientRect();
    readout.toggleAttribute("data-at-right", event.clientX < lane.left + lane.width / 2); // Never under the hand.
  };
  mount.addEventListener("pointermove", read);
  mount.addEventListener("pointerleave", () => {
    readout.hidden = true;
  });
  onTheme(draw);
  return {
    show(next, rate) {
      picture = next;
      bytes = bytesOf(next);
      seconds = next.duration_samples / rate;
      draw();
      drawAxis();
    },
  };
}
