/** One track after another: the next and the one before, and the list plays on by itself if one wants (remembered). */

import { byId } from "../core/dom.mjs";
import { recall, remember } from "../core/preferences.mjs";

const NAME = "plays-on";

/** `tracks()` in order, `current()` the id of the one that plays, `choose(track)`. Gives `{ next(), previous() }`. */
export function createPlaylist(audio, { tracks, current, choose, isHeld }) {
  const button = byId("plays-on");
  const isOn = () => button.getAttribute("aria-pressed") === "true";
  const at = (by) => {
    const list = tracks();
    return list[list.findIndex(({ id }) => id === current()) + by];
  };
  const go = (by) => {
    const track = at(by);
    if (track) choose(track);
    return Boolean(track);
  };
  const set = (yes) => {
    button.setAttribute("aria-pressed", String(yes));
    remember(NAME, yes);
  };

  set(recall(NAME) === "true");
  button.addEventListener("click", () => set(!isOn()));
  audio.addEventListener("ended", () => {
    if (isOn() && !isHeld() && go(1)) audio.play().catch(() => {}); // Refused without a gesture: it waits to be played.
  });
  return { next: () => go(1), previous: () => go(-1) };
}
