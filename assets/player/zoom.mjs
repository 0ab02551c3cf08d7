/** A hand looks closer at the pictures: wheel with Ctrl (as a touchpad's pinch is), two fingers, keys, buttons. */

import { byId } from "../core/dom.mjs";
import { holding, moved, whole, zoomed } from "../pictures/stretch.mjs";

const STEP = 0.5;
const WHEEL = 0.002; // Of a pixel of the wheel; a notch of 100 is a fifth.

/**
 * `area(element)` gives the plot's place on the screen, `now()` the playhead, `isOff()` whether there is nothing to zoom;
 * `onChange(stretch)` draws. Gives `{ timeAt(fraction), by(factor), follow(seconds), reset(seconds) }`.
 */
export function createZoom(audio, lanes, { area, now, isOff }, onChange) {
  const [closer, wider] = ["zoom-in", "zoom-out"].map(byId);
  const fingers = new Map();
  let total = 1;
  let stretch = whole(1);
  let apart = 0; // How far the fingers were when last looked at.
  let frame = 0;

  const timeAt = (fraction) => stretch.from + fraction * stretch.seconds;
  const fractionOf = (x) => {
    const { left, width } = area(lanes);
    return Math.min(1, Math.max(0, (x - left) / width));
  };
  const apply = () => {
    frame = 0;
    lanes.style.setProperty("--strip-left", `${(-100 * stretch.from) / stretch.seconds}%`);
    lanes.style.setProperty("--strip-width", `${(100 * total) / stretch.seconds}%`);
    lanes.dataset.zoom = (total / stretch.seconds).toFixed(2);
    wider.disabled = stretch.seconds >= total;
    onChange(stretch);
  };
  const set = (next) => {
    if (isOff() || (next.from === stretch.from && next.seconds === stretch.seconds)) return;
    stretch = next;
    if (!frame) frame = requestAnimationFrame(apply);
  };
  const by = (factor, at = now()) => set(zoomed(stretch, total, factor, at));

  lanes.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) by(Math.exp(event.deltaY * WHEEL), timeAt(fractionOf(event.clientX)));
      else if (stretch.seconds < total && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        set(moved(stretch, total, event.deltaX / area(lanes).width));
      } else return;
      event.preventDefault();
    },
    { passive: false },
  );

  // Two fingers: what lies between them stays there. No seek comes of them: these listeners come before the others'.
  const between = () => {
    const [one, other] = [...fingers.values()];
    return { distance: Math.max(1, Math.abs(one - other)), middle: (one + other) / 2 };
  };
  const onFinger = (event) => {
    if (event.pointerType !== "touch") return;
    const isPinch = fingers.size > 1;
    if (event.type === "pointerdown") fingers.set(event.pointerId, event.clientX);
    else if (event.type === "pointermove" && fingers.has(event.pointerId)) fingers.set(event.pointerId, event.clientX);
    else if (event.type !== "pointermove") fingers.delete(event.pointerId);
    if (fingers.size === 2) {
      const { distance, middle } = between();
      if (apart) by(apart / distance, timeAt(fractionOf(middle)));
      apart = distance;
    } else apart = 0;
    if (isPinch || fingers.size > 1) event.stopImmediatePropagation();
  };
  for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
    lanes.addEventListener(name, onFinger, { capture: true });
  }

  closer.addEventListener("click", () => by(STEP));
  wider.addEventListener("click", () => by(1 / STEP));
  audio.addEventListener("seeking", () => set(holding(stretch, total, now())));
  return {
    timeAt,
    closer: () => by(STEP),
    wider: () => by(1 / STEP),
    /** The playhead moves: the pictures turn the page where it leaves them. */
    follow(seconds) {
      if (!audio.paused) set(holding(stretch, total, seconds));
    },
    /** Another track, or none. */
    reset(seconds) {
      total = seconds;
      stretch = whole(seconds);
      cancelAnimationFrame(frame);
      frame = 0;
      for (const name of ["--strip-left", "--strip-width"]) lanes.style.removeProperty(name);
      delete lanes.dataset.zoom;
      wider.disabled = true;
    },
  };
}
