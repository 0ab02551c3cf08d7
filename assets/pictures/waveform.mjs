/** The waveform: least and largest sample of each column, drawn once a track; the playhead's veil covers what is to come. */

import { onTheme } from "../core/theme.mjs";
import { text } from "../core/texts.mjs";

const BAR_PX = 2;
const GAP_PX = 1;

export function createWaveform(mount) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", text("stage.waveform"));
  mount.append(canvas);
  let peaks = null;
  let stretch = [0, 1]; // What is shown, as shares of the whole.

  const draw = () => {
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = mount;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    if (!peaks || !width) return;
    context.fillStyle = getComputedStyle(mount).getPropertyValue("--wave");
    const loudest = Math.max(...peaks.max, ...peaks.min.map((value) => -value), 1e-3);
    const scale = (height / 2 - 1) / loudest;
    const bars = Math.floor(width / (BAR_PX + GAP_PX));
    const [first, share] = [stretch[0] * peaks.n, (stretch[1] - stretch[0]) * peaks.n];
    for (let bar = 0; bar < bars; bar += 1) {
      const from = Math.min(peaks.n - 1, Math.floor(first + (bar * share) / bars));
      const to = Math.min(peaks.n, Math.max(from + 1, Math.floor(first + ((bar + 1) * share) / bars)));
      let low = 0;
      let high = 0;
      for (let column = from; column < to; column += 1) {
        low = Math.min(low, peaks.min[column]);
        high = Math.max(high, peaks.max[column]);
      }
      const top = height / 2 - high * scale;
      context.fillRect((bar * width) / bars, top, BAR_PX, Math.max(1, (high - low) * scale));
    }
  };

  new ResizeObserver(draw).observe(mount);
  onTheme(draw);
  return {
    show(next) {
      peaks = next;
      draw();
    },
    /** Show a part only, between two shares of the whole. */
    zoom(from, to) {
      stretch = [from, to];
      draw();
    },
  };
}
