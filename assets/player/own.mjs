/** The list of one's own tracks: opened from the header at any width, searched where there are many. */

import { byId, el, setText } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";

const MANY = 6;
const EDGE_PX = 16;

/** `rows(tracks)` makes the list's elements. Gives `{ draw(tracks, current), isOpen, close }`. */
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
  const field = el("input", { type: "search", class: "field", placeholder: "Search your tracks", "aria-label": "Search your tracks", oninput: () => sift() });
  search.append(field);
  let isOpen = false;

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

  return {
    close,
    draw(tracks, current) {
      const held = document.activeElement?.closest?.("[data-track]")?.dataset.track;
      const chosen = tracks.find(({ id }) => id === current);
      const many = `${tracks.length} ${tracks.length === 1 ? "track" : "tracks"} of your own`;
      tile.hidden = !tracks.length;
      tile.toggleAttribute("data-current", Boolean(chosen));
      setText(name, chosen?.title ?? "Your tracks");
      setText(count, chosen && tracks.length === 1 ? "Your track" : many);
      button.title = chosen?.title ?? many;
      search.hidden = tracks.length < MANY;
      if (search.hidden) field.value = "";
      list.replaceChildren(...rows(tracks));
      sift();
      if (held) list.querySelector(`[data-track="${CSS.escape(held)}"] button`)?.focus();
      if (!tracks.length) close();
    },
  };
}
