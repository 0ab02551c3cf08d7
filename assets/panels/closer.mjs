/**
 * A closer look: one panel below the stage with a tab for each look. Opened on purpose, remembered; what a look needs is
 * fetched only once it is opened.
 */

import { byId } from "../core/dom.mjs";
import { recall, remember } from "../core/preferences.mjs";

const OPEN = "closer";
const LOOK = "look";

/**
 * `loaders`: for each look, by name, a function that makes `{ open(), close(), setTrack(track), follow(time) }` and perhaps
 * `flip()` and `isGliding`. Gives `{ setTrack, follow, next, flip }`.
 */
export function createCloser(loaders) {
  const panel = byId("closer");
  const button = byId("closer-button");
  const tabs = [...panel.querySelectorAll("[role=tab]")];
  const names = tabs.map((tab) => tab.dataset.look);
  const made = new Map(); // Looks that were opened at least once.
  let isOpen = recall(OPEN) === "open";
  let chosen = names.includes(recall(LOOK)) ? recall(LOOK) : names[0];
  let shown = null; // The look that follows the sound.
  let track = null;
  let time = 0;

  const give = (name) => {
    if (!made.has(name)) made.set(name, loaders[name]());
    shown = made.get(name);
    shown.open();
    if (!track) return;
    shown.setTrack(track);
    shown.follow(time);
  };
  const hide = () => {
    shown?.close();
    shown = null;
  };
  const apply = () => {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    for (const tab of tabs) {
      const isChosen = tab.dataset.look === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
    if (isOpen) give(chosen);
    else hide();
  };
  const toggle = () => {
    isOpen = !isOpen;
    remember(OPEN, isOpen ? "open" : "closed");
    apply();
    if (isOpen) panel.scrollIntoView({ block: "nearest" });
  };
  const choose = (name) => {
    if (name === chosen) return;
    hide();
    chosen = name;
    remember(LOOK, name);
    apply();
  };

  button.addEventListener("click", toggle);
  byId("closer-close").addEventListener("click", () => {
    toggle();
    button.focus();
  });
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => choose(tab.dataset.look));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = tabs[(place + step + tabs.length) % tabs.length];
      choose(next.dataset.look);
      next.focus();
    });
  });
  apply();

  return {
    setTrack(next) {
      track = next;
      time = 0;
      shown?.setTrack(next);
    },
    /** Hear the sound changed or as it is, where that look is open. */
    flip: () => shown?.flip?.(),
    /** The time at which something moves there: a look whose picture glides asks for every frame. */
    next: (now) => (shown?.isGliding ? now : Infinity),
    follow(now) {
      time = now;
      shown?.follow(now);
    },
  };
}
