/** A stretch of the track, played once ("hear these 3 seconds") or over and over; with Shift a hand drags one out. */

import { byId, el } from "../core/dom.mjs";
import { clock } from "../core/format.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";

const SHORTEST_SECONDS = 0.5;
const SLACK_SECONDS = 0.2; // Who has gone further than this past its ends has gone elsewhere.

/**
 * `area(element)` gives the plot's place on the screen, `timeAt(fraction)` the time at a place in it, `duration()` the
 * track's, `now()` the playhead; `seek(seconds)` goes there.
 */
export function createRegion(audio, lanes, { area, timeAt, duration, now, seek }) {
  const box = byId("region");
  const sign = byId("region-sign");
  let region = null;
  let drag = null; // The time at which a hand has begun to drag.

  const place = ({ from, to }) => {
    box.style.left = `${(100 * from) / duration()}%`;
    box.style.width = `${(100 * (to - from)) / duration()}%`;
    box.hidden = false;
  };
  const clear = () => {
    region = null;
    box.hidden = true;
    sign.hidden = true;
    sign.replaceChildren();
  };
  const say = () => {
    const times = `${clock(region.from)} \u2013 ${clock(region.to)}`;
    const loop = () => {
      region.isLoop = true;
      say();
    };
    sign.replaceChildren(
      el("span", {}, region.isLoop ? text("region.loop_of", { times }) : text("region.hear_of", { times })),
      ...(region.isLoop ? [] : [el("button", { type: "button", class: "text-button", onclick: loop }, text("region.loop"))]),
      el("button", { type: "button", class: "icon-button", "aria-label": text("region.play_on"), title: text("region.play_on"), onclick: clear }, icon("close")),
    );
    sign.hidden = false;
  };
  const begin = (from, to, isLoop) => {
    region = { from, to, isLoop };
    place(region);
    say();
    seek(from);
    audio.play().catch(() => {}); // Refused without a gesture: the button shows it.
  };
  const follow = () => {
    if (!region || audio.seeking) return;
    const at = now();
    if (at < region.from - SLACK_SECONDS || at > region.to + SLACK_SECONDS * (1 + audio.playbackRate)) clear();
    else if (at >= region.to || audio.ended) {
      const { from, to, isLoop } = region;
      if (isLoop) begin(from, to, true);
      else {
        audio.pause();
        clear();
        seek(to);
      }
    }
  };

  const fractionAt = (event) => {
    const { left, width } = area(lanes);
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const dragged = (event) => [drag, timeAt(fractionAt(event))].sort((a, b) => a - b);
  lanes.addEventListener(
    "pointerdown",
    (event) => {
      if (!event.shiftKey || event.button !== 0) return;
      event.stopImmediatePropagation(); // It is no seek.
      lanes.setPointerCapture(event.pointerId);
      drag = timeAt(fractionAt(event));
    },
    { capture: true },
  );
  lanes.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const [from, to] = dragged(event);
    place({ from, to });
  });
  lanes.addEventListener("pointerup", (event) => {
    if (drag === null) return;
    const [from, to] = dragged(event);
    drag = null;
    if (to - from < SHORTEST_SECONDS) clear();
    else begin(from, to, true);
  });
  audio.addEventListener("timeupdate", follow); // Also where the page is hidden and draws nothing.
  audio.addEventListener("ended", follow);
  return {
    clear,
    follow,
    /** Where the stretch ends, Infinity where there is none. */
    next: () => region?.to ?? Infinity,
    get isOn() {
      return region !== null;
    },
    /** Play a stretch once. */
    hear: (from, to) => begin(from, to, false),
    /** Play a stretch over and over, or go on if one is so played. */
    loop(from, to) {
      if (region?.isLoop) clear();
      else begin(from, to, true);
    },
  };
}
