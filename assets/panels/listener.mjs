/** One model listening to the current track: fetches its scores, draws its timeline, tells what it has heard by a time. */

import * as api from "../core/api.mjs";
import { secondsOf } from "../core/format.mjs";
import { Scores } from "../core/scores.mjs";
import { messages } from "../core/stream.mjs";

/** What `at` gives instead of the number of a window. */
export const NOT_YET = -1;
export const BEHIND = -2;
export const NOTHING = -3;

/** `panel` is the timeline's element; `onChange` is called when the moment may look different now. */
export function createListener(panel, { hopSeconds, connection }, onChange) {
  let timeline = null; // Once Plotly is there; the scores do not wait for it.
  let abort = new AbortController();
  let scores = null;
  let problem = null;
  let seconds = 0;
  let stretch = null; // What is shown of it, null for all.
  let revealed = 0; // Up to which time it is shown.
  let look = { whole: false, alone: null };

  const clear = () => {
    abort.abort();
    abort = new AbortController();
    scores = null;
    problem = null;
    connection.found(panel.id);
  };

  const fetchScores = (track, model, { signal }) =>
    api.attempt(
      signal,
      async () => {
        problem = null;
        for await (const each of messages(await api.scores(track.id, hopSeconds, signal, model))) {
          signal.throwIfAborted();
          if (each.type === "header") {
            scores = new Scores(each);
            panel.classList.remove("loading"); // It fills while they arrive.
          } else if (each.type === "window") scores.add(each);
          else if (each.type === "summary") scores.summary = each;
          timeline?.update(scores);
        }
        scores.complete = true;
        timeline?.update(scores);
        panel.classList.remove("loading");
        connection.found(panel.id);
        onChange();
      },
      (error) => {
        problem = error;
        onChange();
        if (error.isTemporary) connection.lost(panel.id, error, () => fetchScores(track, model, abort));
        else panel.classList.remove("loading"); // The reason stands where the verdict would.
      },
    );

  return {
    /** Forget the track; nothing is asked for. */
    stop: clear,
    /** Listen to a track with a model (its name, none for the default). */
    load(track, model) {
      clear();
      stretch = null;
      seconds = secondsOf(track);
      timeline?.reset(seconds);
      panel.classList.add("loading");
      return fetchScores(track, model, abort);
    },
    /** Follow scores that come by themselves, live. */
    follow(live) {
      clear();
      scores = live;
      panel.classList.remove("loading");
    },
    /** Show this stretch of them: `{ from, seconds }`. */
    roll: (span) => timeline?.roll(scores, span),
    /** Show this stretch of a track: `{ from, seconds }`. */
    zoom(next) {
      stretch = next;
      timeline?.zoom(next);
    },
    setTimeline(made) {
      timeline = made;
      timeline.look(look);
      if (seconds) timeline.reset(seconds);
      if (stretch) timeline.zoom(stretch);
      if (scores) timeline.update(scores);
    },
    /** Number of the window last heard by a time, or why there is none. */
    at(time) {
      if (!scores) return NOTHING;
      const sample = Math.round(time * scores.rate);
      return scores.isBehind(sample) ? BEHIND : scores.heardBy(sample);
    },
    window: (index) => scores?.windows[index] ?? null,
    get rate() {
      return scores?.rate ?? 0;
    },
    /** What is known of the whole track, once it is revealed or its last window (of this index) has been heard. */
    wholeAt: (index) => (look.whole || (scores?.complete && index === scores.windows.length - 1) ? scores?.summary ?? null : null),
    get problem() {
      return problem;
    },
    /** The window last heard by a time, if the timeline shows it. */
    told: (time) => (look.whole || time <= revealed ? scores?.windows[scores.heardBy(Math.round(time * scores.rate))] ?? null : null),
    /** Show the timeline up to a window that has been heard, or nothing of it. */
    reveal(window) {
      revealed = window ? window.end / scores.rate : 0;
      timeline?.reveal(revealed);
    },
    /** What the timeline shows: `whole` or only what has been heard, `alone` one genre (its id) or all (null). */
    look(change) {
      look = { ...look, ...change };
      timeline?.look(look);
    },
    /** Time at which the next window ends, Infinity where none is known. */
    next(time) {
      return scores ? scores.nextEnd(Math.round(time * scores.rate)) / scores.rate : Infinity;
    },
    /** Time at which the window before or after ends. */
    neighbour(time, direction) {
      if (!scores) return null;
      const end = scores.neighbour(Math.round(time * scores.rate), direction);
      return end === null ? null : end / scores.rate;
    },
  };
}
