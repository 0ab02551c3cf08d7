/** Click or drag in a picture to go there. On a touch screen a vertical drag still scrolls the page. */

const SLIP_PX = 8;

/** `area(element)` gives the plot's left edge and width in pixels of the viewport; `seek(fraction)` goes there. */
export function scrub(element, area, seek) {
  let startX = 0;
  let active = false;
  let moved = false;

  const go = (event) => seek(fractionOf(element, event.clientX, area));
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || event.target.closest(".modebar, button, a")) return;
      active = true;
      moved = false;
      startX = event.clientX;
      if (event.pointerType === "mouse") {
        element.setPointerCapture(event.pointerId);
        go(event);
      }
    },
    { capture: true },
  );
  element.addEventListener("pointermove", (event) => {
    if (!active) return;
    if (Math.abs(event.clientX - startX) > SLIP_PX) moved = true;
    if (moved || event.pointerType === "mouse") go(event);
  });
  element.addEventListener("pointerup", (event) => {
    if (active && event.pointerType !== "mouse") go(event);
    active = false;
  });
  element.addEventListener("pointercancel", () => {
    active = false;
  });
}

/** The plot inside an element: what its insets (`--plot-left`, `--plot-right`) leave. */
export function plotArea(element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const left = parseFloat(style.getPropertyValue("--plot-left"));
  const right = parseFloat(style.getPropertyValue("--plot-right"));
  return { left: box.left + left, width: box.width - left - right };
}

/** The share of the plot inside an element at which a place on the screen lies, 0 to 1. */
export function fractionOf(element, x, area = plotArea) {
  const { left, width } = area(element);
  return Math.min(Math.max(0, (x - left) / width), 1);
}
