/** The second model's word on the moment: one line under the first's, and the thin bars. */

import { createBars } from "./bars.mjs";
import { byId, setText } from "../core/dom.mjs";
import { clockTenths, span } from "../core/format.mjs";
import { verdict } from "./verdict.mjs";

/** Draws what `now.mjs` draws for the page's own model; `setModel({ title, windowSeconds })` says for whom. */
export function createSecond({ genres }) {
  const panel = byId("second");
  const now = byId("now"); // Holds the bars, which are dimmed by the state.
  const [lead, value, heard, words] = ["second-lead", "second-value", "second-heard", "second-words"].map(byId);
  const rows = [...byId("bars").children];
  const bars = createBars(".of-second");
  let windowSeconds = 0;

  const say = (state, title, number, when, sentence) => {
    panel.dataset.state = state;
    now.dataset.second = state;
    setText(lead, title);
    setText(value, number);
    setText(heard, when);
    setText(words, sentence);
  };
  const showLead = (top) => {
    for (const row of rows) row.classList.toggle("second-leads", row.dataset.genre === top?.id);
  };
  const rest = (state, title, when, sentence = "") => {
    say(state, title, "", when, sentence);
    delete panel.dataset.end;
    delete panel.dataset.genre;
    showLead(null);
    bars(null);
  };

  return {
    setModel(model) {
      ({ windowSeconds } = model);
      setText(byId("second-name"), model.title);
    },
    listen() {}, // No ring of its own: the words say until when.
    ready: () => rest("ready", "Ready", `It listens for ${windowSeconds} seconds first.`),
    listening: () => rest("listening", "Listening", `The first window ends at ${clockTenths(windowSeconds)}.`),
    loading: () => rest("loading", "\u00a0", "\u00a0"),
    behind: () => rest("behind", "Scoring", "The scores for this moment are on their way."),
    failed: (problem) => rest("failed", "No scores", problem.message),
    show(window, rate) {
      const { state, top, title, number, words: sentence } = verdict(window, genres);
      say(state, title, number, `heard ${span(window, rate)}`, state === "music" ? "" : sentence);
      panel.dataset.end = String(window.end);
      panel.dataset.genre = top?.id ?? "";
      showLead(top);
      bars(state === "silence" ? null : window.p);
    },
    spoken: () => lead.textContent,
  };
}
