/** What lies under a finger, said above it: a mouse has Plotly's own words, a finger would cover them. */

import { byId, el, setText } from "../core/dom.mjs";
import { clockTenths, score } from "../core/format.mjs";

const ABOVE_PX = 64; // A finger is so thick.
const EDGE_PX = 8;
const MOST = 3;

/** Where a box of a size stands for a finger: above it, and whole within the screen. */
export function placeOf({ x, y }, { width, height }, screenWidth) {
  const left = Math.min(Math.max(EDGE_PX, x - width / 2), screenWidth - width - EDGE_PX);
  return { left, top: Math.max(EDGE_PX, y - ABOVE_PX - height) };
}

/** `timeAt(x)` gives the time at a place on the screen, `windowAt(time)` the window last heard by then, if it may be told. */
export function createFinger(lanes, genres, { timeAt, windowAt }) {
  const time = el("strong", { class: "time" });
  const box = el("div", { class: "finger", hidden: true, "aria-hidden": "true" }, time);
  const rows = Array.from({ length: MOST }, () => el("span"));
  box.append(...rows);
  byId("page").append(box);

  const show = ({ clientX, clientY, pointerType }) => {
    if (pointerType !== "touch") return;
    const seconds = timeAt(clientX);
    setText(time, clockTenths(seconds));
    const window = windowAt(seconds);
    const isSilent = !window || window.state === "silence";
    const order = isSilent ? [] : genres.map((_, genre) => genre).sort((a, b) => window.p[b] - window.p[a]);
    rows.forEach((row, place) => {
      row.hidden = !(place in order);
      if (!row.hidden) setText(row, `${genres[order[place]].label} ${score(window.p[order[place]])}`);
    });
    box.hidden = false;
    const { left, top } = placeOf({ x: clientX, y: clientY }, box.getBoundingClientRect(), document.documentElement.clientWidth);
    box.style.transform = `translate(${left}px, ${top}px)`;
  };
  const hide = () => {
    box.hidden = true;
  };
  lanes.addEventListener("pointerdown", show);
  lanes.addEventListener("pointermove", show);
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) lanes.addEventListener(name, hide);
}
