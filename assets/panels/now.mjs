/** NOW: the last window that has ended at the playhead, as one bar a genre and one word. */

import { createBars } from "./bars.mjs";
import { byId, setText } from "../core/dom.mjs";
import { clockTenths, span } from "../core/format.mjs";
import { verdict } from "./verdict.mjs";

const SVG = "http://www.w3.org/2000/svg";

function ringIn(mount) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 40 40");
  const circle = (name) => {
    const element = document.createElementNS(SVG, "circle");
    for (const [key, value] of Object.entries({ cx: 20, cy: 20, r: 17, pathLength: 1, class: name })) {
      element.setAttribute(key, value);
    }
    svg.append(element);
    return element;
  };
  circle("ring-rest");
  const filled = circle("ring-filled");
  mount.append(svg);
  return (fraction) => {
    filled.style.strokeDashoffset = String(1 - fraction);
  };
}

export function createNow({ genres, windowSeconds }) {
  const panel = byId("now");
  const lead = byId("lead");
  const leadValue = byId("lead-value");
  const leadColour = byId("lead-colour");
  const heard = byId("heard");
  const words = byId("now-words");
  const ring = byId("ring");
  const fillRing = ringIn(ring);
  const rows = [...byId("bars").children];
  const bars = createBars(":not(.of-second)");

  const say = (state, title, number, when, sentence) => {
    panel.dataset.state = state;
    ring.hidden = state !== "listening";
    setText(lead, title);
    setText(leadValue, number);
    setText(heard, when);
    setText(words, sentence);
  };

  const showLead = (top) => {
    for (const row of rows) row.classList.toggle("leads", row.dataset.genre === top?.id);
    leadColour.style.backgroundColor = top?.colour ?? "";
  };

  const rest = (state, title, when, sentence) => {
    say(state, title, "", when, sentence);
    delete panel.dataset.end;
    delete panel.dataset.genre;
    showLead(null);
    bars(null);
  };

  const everyHalf = "Then a new verdict twice a second.";
  return {
    /** Fraction of the first window heard, drawn on the ring. */
    listen: (seconds) => fillRing(Math.min(1, seconds / windowSeconds)),
    ready: () => rest("ready", "Ready", `It listens for ${windowSeconds} seconds first.`, everyHalf),
    listening: () => rest("listening", "Listening", `The first window ends at ${clockTenths(windowSeconds)}.`, everyHalf),
    loading: () => rest("loading", "\u00a0", "\u00a0", ""),
    behind: () => rest("behind", "Scoring", "The scores for this moment are on their way.", ""),
    failed: () => rest("failed", "No scores", "The network's scores did not arrive.", "The sound plays on."),
    /** Show one window. */
    show(window, rate) {
      const { state, top, title, number, words: sentence } = verdict(window, genres);
      say(state, title, number, `heard ${span(window, rate)}`, sentence);
      panel.dataset.end = String(window.end);
      panel.dataset.genre = top?.id ?? "";
      showLead(top);
      bars(state === "silence" ? null : window.p);
    },
    /** The moment for a screen reader. */
    spoken: () => lead.textContent,
  };
}
