/** NOW: the last window that has ended at the playhead, as ten bars and one word. */

import { byId, setText } from "./dom.mjs";
import { clockTenths, score, span } from "./format.mjs";

const SVG = "http://www.w3.org/2000/svg";
const NONE = "\u2013";
const SILENCE_DBFS = -60;

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
  const rows = [...byId("bars").children].map((row) => ({
    row,
    bar: row.querySelector(".bar"),
    value: row.querySelector(".bar-value"),
  }));

  const bars = (p) => {
    const top = p ? p.indexOf(Math.max(...p)) : -1;
    rows.forEach(({ row, bar, value }, index) => {
      bar.style.transform = `scaleX(${p ? p[index] : 0})`;
      setText(value, p ? score(p[index]) : NONE);
      row.classList.toggle("leads", index === top && panel.dataset.state === "music");
    });
    return top;
  };

  const say = (state, title, number, when, sentence) => {
    panel.dataset.state = state;
    ring.hidden = state !== "listening";
    setText(lead, title);
    setText(leadValue, number);
    setText(heard, when);
    setText(words, sentence);
  };

  const rest = (state, title, when, sentence) => {
    say(state, title, "", when, sentence);
    delete panel.dataset.end;
    delete panel.dataset.genre;
    bars(null);
  };

  const everyHalf = "Then a new verdict twice a second.";
  return {
    /** Fraction of the first window heard, drawn on the ring. */
    listen: (fraction) => fillRing(Math.min(1, fraction)),
    ready: () => rest("ready", "Ready", `It listens for ${windowSeconds} seconds first.`, everyHalf),
    listening: () => rest("listening", "Listening", `The first window ends at ${clockTenths(windowSeconds)}.`, everyHalf),
    loading: () => rest("loading", "\u00a0", "\u00a0", ""),
    behind: () => rest("behind", "Scoring", "The scores for this moment are on their way.", ""),
    failed: () => rest("failed", "No scores", "The network's scores did not arrive.", "The sound plays on."),
    /** Show one window. */
    show(window, rate) {
      const top = window.p.indexOf(Math.max(...window.p));
      const name = genres[top].label;
      const when = `heard ${span(window, rate)}`;
      if (window.state === "silence") {
        const level = Number.isFinite(window.level_dbfs) ? `${Math.round(window.level_dbfs)} dBFS` : "No sound at all";
        say("silence", "Silence", "", when, `${level.replace("-", "\u2212")}: too quiet to judge (below ${SILENCE_DBFS} dBFS).`.replace("-60", "\u221260"));
      } else if (window.state === "unsure") {
        say("unsure", "Unsure", "", when, `No genre stands out; the highest is ${name} at ${score(window.p[top])}.`);
      } else {
        say("music", name, score(window.p[top]), when, "Model scores, not certainty.");
      }
      panel.dataset.end = String(window.end);
      panel.dataset.genre = window.state === "music" ? genres[top].id : "";
      leadColour.style.backgroundColor = window.state === "music" ? genres[top].colour : "";
      bars(window.state === "silence" ? null : window.p);
    },
  };
}
