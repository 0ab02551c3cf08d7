/** The list of one's own tracks: opened from the header at any width, searched where there are many. */

import { byId, el, setText } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";
import { arrange } from "./rows.mjs";

const MANY = 6;
const EDGE_PX = 16;

/** `rows(tracks)` makes the list's elements. Gives `{ draw(tracks, current), setQueue(words, hasFailed), open, close }`. */
export function createOwn(rows) {
  const panel = byId("own");
  const list = byId("uploads");
  const search = byId("own-search");
  const name = el("span", { class: "tile-name" });
  const count = el("span", { class: "tile-about" });
  const button = el(
    "button",
    { type: "button", id: "own-button", class: "tile-button", "aria-controls": "own", "aria-expanded": "false", onclick: () => toggle() },
    el("span", { class: "tile-text" }, name, count),
    icon("list"),
  );
  const tile = el("div", { class: "tile own-tile", hidden: true }, button);
  byId("own-mount").append(tile);
  const field = el("input", { type: "search", class: "field", placeholder: text("library.search"), "aria-label": text("library.search"), oninput: () => sift() });
  search.append(field);
  let isOpen = false;
  let hasFailed = false; // Whether some of them could not be added.
  let queued = ""; // What is said of the tracks that are being added.
  let drawn = [[], null];

  const sift = () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of list.children) row.hidden = !row.dataset.title.toLowerCase().includes(wanted);
  };
  const place = () => {
    const { left, bottom } = button.getBoundingClientRect();
    const width = panel.offsetWidth;
    panel.style.left = `${Math.max(EDGE_PX, Math.min(left, document.documentElement.clientWidth - width - EDGE_PX))}px`;
    panel.style.top = `${bottom + scrollY + 8}px`;
  };
  const set = (open) => {
    isOpen = open;
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) place();
  };
  const toggle = () => {
    set(!isOpen);
    if (isOpen) panel.focus();
  };
  const close = () => {
    if (!isOpen) return;
    const hadFocus = panel.contains(document.activeElement);
    set(false);
    if (hadFocus) button.focus();
  };

  byId("own-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen && !panel.contains(event.target) && !button.contains(event.target) && !event.target.closest("#toast")) close();
  });
  addEventListener("resize", () => isOpen && place());

  const draw = (tracks, current) => {
    drawn = [tracks, current];
    const chosen = tracks.find(({ id }) => id === current);
    const many = text("library.own_tracks", { n: tracks.length });
    tile.hidden = !tracks.length && !queued;
    tile.toggleAttribute("data-current", Boolean(chosen));
    setText(name, chosen?.title ?? text("own.title"));
    tile.toggleAttribute("data-failed", hasFailed);
    setText(count, queued || (chosen && tracks.length === 1 ? text("library.your_track") : many));
    button.title = chosen?.title ?? many;
    search.hidden = tracks.length < MANY;
    if (search.hidden) field.value = "";
    arrange(list, rows(tracks));
    sift();
    if (tile.hidden) close();
  };

  return {
    close,
    draw,
    /** Show the list, without taking the focus from where it is. */
    open: () => set(true),
    setQueue(words, some) {
      if (words === queued && some === hasFailed) return;
      queued = words;
      hasFailed = some;
      draw(...drawn);
    },
  };
}
