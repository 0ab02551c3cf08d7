/** Why: what in the window last heard speaks for a genre, over the spectrogram. Off until asked for, and remembered. */

import * as api from "../core/api.mjs";
import { byId, setText } from "../core/dom.mjs";
import { recall, remember } from "../core/preferences.mjs";
import { onTheme } from "../core/theme.mjs";
import { text } from "../core/texts.mjs";
import { createReasons, rgb } from "../pictures/reasons.mjs";

const NAME = "why";
const AHEAD = 2; // Windows asked for before they are heard.
const BEFORE = 20; // Windows before it that are painted too, one beside the other, so that what was heard has its reasons.
const MOST_KEPT = 200;

/** `listener` knows which window has been heard. A page whose model cannot say why gets a `why` that does nothing. */
export function createWhy(config, listener) {
  const button = byId("why-switch");
  if (!button) return { isOn: false, ask() {}, follow() {}, setTrack() {}, toggle() {} };
  const [panel, window_, words, speaksFor, speaksAgainst, note] = [
    "why", "why-window", "why-words", "why-for", "why-against", "why-note",
  ].map(byId);
  const stage = byId("stage");
  const reasons = createReasons(byId("why-picture"));
  const labels = new Map(config.genres.map(({ id, label }) => [id, label]));
  let isOn = recall(NAME) === "on";
  let genre = null; // The one asked about; null for whichever leads.
  let track = null;
  let seconds = 1;
  let drawn = null; // What is shown: a window's number and what was asked of it.
  let kept = new Map();
  let abort = new AbortController();

  const colours = () => {
    const style = getComputedStyle(panel);
    return { speaksFor: rgb(style.getPropertyValue("--speaks-for")), speaksAgainst: rgb(style.getPropertyValue("--speaks-against")) };
  };

  const forget = () => {
    abort.abort();
    abort = new AbortController();
    kept = new Map();
    drawn = null;
    reasons.clear();
    window_.hidden = true;
    delete panel.dataset.end;
    words.hidden = true;
  };

  const isWorthAsking = (index) => {
    const window = listener.window(index);
    return window !== null && window.state !== "silence";
  };

  const fetched = (index) => {
    if (!kept.has(index)) {
      const answer = api.explanation(track, index, config.hopSeconds, genre, abort.signal);
      answer.catch(() => kept.delete(index)); // Asked again when it is needed again.
      kept.set(index, answer);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(index);
  };

  /** Say what the colours mean for a genre (its label), or something else. */
  const say = (label, more = "") => {
    setText(speaksFor, label ? text("why.for", { genre: label }) : "");
    setText(speaksAgainst, label ? text("why.against") : "");
    setText(note, more);
    words.hidden = !label && !more;
  };

  /** Paint the windows before one, up to it, unless someone moves on. */
  const showBefore = async (index) => {
    const { signal } = abort;
    const step = Math.round(config.windowSeconds / config.hopSeconds);
    for (let before = index - step; before >= Math.max(0, index - BEFORE * step); before -= step) {
      if (!isWorthAsking(before)) continue;
      try {
        const explanation = await fetched(before);
        if (signal.aborted) return;
        reasons.paint(explanation, seconds * listener.rate, colours());
      } catch {
        return; // What is shown now says what is wrong.
      }
    }
  };

  const show = async (index, isNew) => {
    const { signal } = abort;
    try {
      const explanation = await fetched(index);
      if (signal.aborted || drawn !== index) return;
      reasons.paint(explanation, seconds * listener.rate, colours());
      const total = seconds * listener.rate;
      window_.style.left = `${(100 * explanation.start) / total}%`;
      window_.style.width = `${(100 * (explanation.end - explanation.start)) / total}%`;
      window_.hidden = false;
      panel.dataset.end = explanation.end;
      panel.dataset.genre = explanation.genre;
      say(labels.get(explanation.genre) ?? explanation.genre);
      if (isNew) showBefore(index);
    } catch (error) {
      if (signal.aborted || drawn !== index) return;
      say(null, text("why.no_answer", { problem: error.message }));
    }
  };

  const apply = () => {
    button.setAttribute("aria-checked", String(isOn));
    panel.hidden = !isOn;
    stage.classList.toggle("why-on", isOn);
    document.body.classList.toggle("asks-why", isOn);
  };
  const toggle = () => {
    isOn = !isOn;
    remember(NAME, isOn ? "on" : "off");
    apply();
    forget();
    last.again();
  };
  const last = { time: 0, again: () => follow(last.time) };

  function follow(time) {
    last.time = time;
    if (!isOn || track === null) return;
    const index = listener.at(time);
    if (index === drawn) return;
    const isNew = drawn === null || Math.abs(index - drawn) > 1;
    drawn = index;
    if (!isWorthAsking(index)) {
      window_.hidden = true;
      delete panel.dataset.end;
      say(null, listener.window(index) ? text("why.silence") : "");
      return;
    }
    show(index, isNew);
    for (let next = index + 1; next <= index + AHEAD; next += 1) if (isWorthAsking(next)) fetched(next);
  }

  button.addEventListener("click", toggle);
  onTheme(() => {
    reasons.clear();
    drawn = null;
    last.again();
  });
  apply();

  return {
    get isOn() {
      return isOn;
    },
    toggle,
    follow,
    /** Ask about one genre from now on, or about whichever leads (null). */
    ask(id) {
      genre = id;
      forget();
      last.again();
    },
    setTrack(id, duration) {
      track = id;
      seconds = duration;
      last.time = 0;
      forget();
    },
  };
}
