/** One model's word on the moment: the last window that has ended at the playhead, as one bar a genre and one word. */

import { createBars } from "./bars.mjs";
import { setText } from "../core/dom.mjs";
import { clockTenths, span } from "../core/format.mjs";
import { text } from "../core/texts.mjs";
import { createRing } from "./ring.mjs";
import { verdict } from "./verdict.mjs";

const BLANK = "\u00a0";

/**
 * `panel` says the state in its attributes; `which` is `first` or `other` and finds the words (`.moment.of-first`) and
 * the bars; `afterwards`: what is said while nothing has been heard yet. Words without a place (the ring, the strip of
 * colour) are left out.
 */
export function createMoment(panel, which, config, { windowSeconds = 0, afterwards = "" } = {}) {
  const words = document.querySelector(`.moment.of-${which}`);
  const part = (name) => words.querySelector(`.${name}`);
  const [lead, value, heard, sentence] = ["lead", "lead-value", "heard", "moment-words"].map(part);
  const strip = part("lead-colour");
  const ring = part("ring") && createRing(part("ring"));
  const bars = createBars(which);

  const say = (state, title, number, when, more) => {
    panel.dataset.state = state;
    bars.setState(state);
    ring?.show(state === "listening");
    setText(lead, title);
    setText(value, number);
    setText(heard, when);
    setText(sentence, more);
  };
  const draw = (top, p) => {
    bars.draw(p, top?.id);
    if (strip) strip.style.backgroundColor = top?.colour ?? "";
  };
  const rest = (state, title, when, more = "") => {
    say(state, title, "", when, more);
    delete panel.dataset.end;
    delete panel.dataset.genre;
    draw(null, null);
  };

  return {
    /** Another model speaks here from now on. */
    setModel(model) {
      ({ windowSeconds } = model);
      setText(part("moment-model"), model.title);
    },
    /** How much of the first window has been heard. */
    listen: (seconds) => ring?.fill(Math.min(1, seconds / windowSeconds)),
    ready: () => rest("ready", text("moment.ready"), text("moment.ready_words", { seconds: windowSeconds }), afterwards),
    listening: () => rest("listening", text("moment.listening"), text("words.first_window", { time: clockTenths(windowSeconds) }), afterwards),
    loading: () => rest("loading", BLANK, BLANK),
    behind: () => rest("behind", text("moment.scoring"), text("moment.scoring_words")),
    failed: (problem) =>
      rest("failed", text("moment.no_scores"), problem.isTemporary ? text("moment.asked_again") : problem.message),
    /** Show one window. */
    show(window, rate) {
      const { state, top, title, number, words: more } = verdict(window, config);
      say(state, title, number, text("moment.heard", { span: span(window, rate) }), more);
      panel.dataset.end = String(window.end);
      panel.dataset.genre = top?.id ?? "";
      draw(top, state === "silence" ? null : window.p);
    },
    /** The moment for a screen reader. */
    spoken: () => lead.textContent,
  };
}
