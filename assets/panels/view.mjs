/** Everything that follows the playhead, drawn from one number: the time. */

import { createAnnouncer } from "../core/announcer.mjs";
import { BEHIND, NOT_YET, NOTHING } from "./listener.mjs";
import { createNow } from "./now.mjs";
import { createSummary } from "./summary.mjs";

/** `player` shows the time, `listener` what has been heard of it, and so does `rival` while there is one. */
export function createView(config, player, audio, listener, rival) {
  const own = { listener, panel: createNow(config), drawn: NOTHING, soFar: null };
  const summary = createSummary(config);
  const announce = createAnnouncer();
  const playheads = document.querySelectorAll(".playhead");
  let duration = 1;
  let begun = false;

  const drawMoment = (ear, index, window) => {
    const { panel, listener: heard } = ear;
    if (window) panel.show(window, heard.rate);
    else if (heard.problem) panel.failed(heard.problem);
    else if (index === BEHIND) panel.behind();
    else if (index === NOTHING) panel.loading();
    else if (begun) panel.listening();
    else panel.ready();
  };

  /** Draw one model's part if another window has ended for it (or `again`); tell whether it was drawn. */
  const follow = (ear, seconds, again) => {
    const index = ear.listener.at(seconds);
    const isDue = index !== ear.drawn || again;
    if (isDue) {
      ear.drawn = index;
      const window = ear.listener.window(index);
      drawMoment(ear, index, window);
      ear.soFar = window?.so_far ?? null;
      ear.listener.reveal(window);
    }
    if (index === NOT_YET) ear.panel.listen(seconds);
    return isDue;
  };

  const drawAll = (seconds, again) => {
    const ears = rival.ear ? [own, rival.ear] : [own];
    const drawn = ears.map((ear) => follow(ear, seconds, again));
    if (!drawn.includes(true)) return;
    summary.show(ears.map(({ soFar, listener: heard }) => ({ soFar, whole: heard.whole })), rival.model?.title);
    if (!own.soFar) return;
    const second = rival.ear ? `. ${rival.model.title}: ${rival.ear.panel.spoken()}` : "";
    announce(own.panel.spoken() + second);
  };

  return {
    /** Begin anew; the listeners know of the new track already. */
    reset(seconds) {
      duration = seconds;
      begun = false;
      drawAll(0, true);
    },
    /** Draw a moment. What shows a window is drawn only when another window has ended (or `again`). */
    draw(seconds, again = false) {
      const shift = `translateX(${(100 * seconds) / duration}%)`;
      for (const playhead of playheads) playhead.style.transform = shift;
      player.show(seconds);
      const isBeginning = !begun && (seconds > 0 || !audio.paused);
      begun ||= isBeginning;
      drawAll(seconds, again || isBeginning);
    },
  };
}
