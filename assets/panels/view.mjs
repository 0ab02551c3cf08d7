/** Everything that follows the playhead, drawn from one number: the time. */

import { createAnnouncer } from "../core/announcer.mjs";
import { byId } from "../core/dom.mjs";
import { text } from "../core/texts.mjs";
import { BEHIND, NOT_YET, NOTHING } from "./listener.mjs";
import { createMoment } from "./moment.mjs";
import { createPlayhead } from "../pictures/playhead.mjs";
import { createSummary } from "./summary.mjs";

/** `player` shows the time, `listener` what has been heard of it, and so does the `other` model while there is one. */
export function createView(config, { player, audio, listener, other, onSeek, onWord }) {
  const moment = createMoment(byId("now"), "first", config, {
    windowSeconds: config.windowSeconds,
    afterwards: text("moment.then", { hop_words: config.hopWords }),
  });
  const first = { listener, moment, drawn: NOTHING, soFar: null };
  const summary = createSummary(config, onSeek);
  const announce = createAnnouncer();
  const playhead = createPlayhead(byId("stage-playhead"));
  let duration = 1;
  let begun = false;

  const drawMoment = ({ moment: words, listener: heard }, index, window) => {
    if (window) words.show(window, heard.rate);
    else if (heard.problem) words.failed(heard.problem);
    else if (index === BEHIND) words.behind();
    else if (index === NOTHING) words.loading();
    else if (begun) words.listening();
    else words.ready();
  };

  /** Draw one model's part if another window has ended for it (or `again`); tell whether it was drawn. */
  const follow = (model, seconds, again) => {
    const index = model.listener.at(seconds);
    const isDue = index !== model.drawn || again;
    if (isDue) {
      model.drawn = index;
      const window = model.listener.window(index);
      drawMoment(model, index, window);
      model.soFar = window?.so_far ?? null;
      model.listener.reveal(window);
    }
    if (index === NOT_YET) model.moment.listen(seconds);
    return isDue;
  };

  const heardNow = () => (other.heard ? [first, other.heard] : [first]);
  const drawAll = (seconds, again) => {
    const models = heardNow();
    const isDrawn = models.map((model) => follow(model, seconds, again));
    if (!isDrawn.includes(true)) return;
    const known = models.map(({ soFar, drawn: index, listener: heard }) => ({ soFar, whole: heard.wholeAt(index) }));
    summary.show(known, other.model?.title, listener.rate);
    onWord(first.listener.window(first.drawn) ? first.moment.spoken() : null);
    if (!first.soFar) return;
    const said = first.moment.spoken();
    announce(other.heard ? text("moment.beside", { first: said, model: other.model.title, other: other.heard.moment.spoken() }) : said);
  };

  return {
    /** Begin anew; the listeners know of the new track already. */
    reset(seconds) {
      duration = seconds;
      begun = false;
      drawAll(0, true);
    },
    /** Begin to listen live. */
    resetLive() {
      begun = true;
      drawAll(0, true);
    },
    /** Draw a moment of what is listened to, in the stretch `{ from, seconds }` that is shown. */
    drawLive(seconds, span) {
      playhead.place((seconds - span.from) / span.seconds);
      drawAll(seconds, false);
    },
    /** The time of the next change of what is drawn. */
    next: (seconds) => Math.min(player.next(seconds), ...heardNow().map(({ listener: heard }) => heard.next(seconds))),
    /** Draw a moment. What shows a window is drawn only when another window has ended (or `again`). */
    draw(seconds, pace, again = false) {
      playhead.show(seconds, duration, pace);
      player.show(seconds);
      const isBeginning = !begun && (seconds > 0 || !audio.paused);
      begun ||= isBeginning;
      drawAll(seconds, again || isBeginning);
    },
  };
}
