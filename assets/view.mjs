/** Everything that follows the playhead, drawn from one number: the time. */

import { createAnnouncer } from "./announcer.mjs";
import { byId } from "./dom.mjs";
import { createNow } from "./now.mjs";
import { createSummary } from "./summary.mjs";

const NOT_YET = -1;
const BEHIND = -2;
const NOTHING = -3;

/** `player` shows the time, `timeline` (once there) what has been heard. */
export function createView(config, player, audio) {
  const now = createNow(config);
  const summary = createSummary(config);
  const announce = createAnnouncer();
  const playheads = [byId("stage-playhead"), byId("timeline-playhead")];
  let timeline = null;
  let scores = null;
  let failed = false;
  let duration = 1;
  let drawn = NOTHING;
  let begun = false;

  const place = (sample) => {
    if (!scores) return NOTHING;
    if (scores.isBehind(sample)) return BEHIND;
    return scores.heardBy(sample);
  };

  const drawWindow = (index) => {
    const window = scores?.windows[index];
    if (window) {
      now.show(window, scores.rate);
      summary.show(window.so_far, scores.summary);
      announce(byId("lead").textContent);
    } else if (failed) now.failed();
    else if (index === BEHIND) now.behind();
    else if (index === NOTHING) now.loading();
    else if (begun) now.listening();
    else now.ready();
    if (!window) summary.show(null, scores?.summary ?? null);
    timeline?.reveal(window ? window.end / scores.rate : 0);
  };

  return {
    setTimeline(next) {
      timeline = next;
    },
    reset(seconds) {
      duration = seconds;
      scores = null;
      failed = false;
      begun = false;
      drawn = NOTHING;
      drawWindow(NOTHING);
    },
    setScores(next) {
      scores = next;
      failed = false;
    },
    fail() {
      failed = true;
    },
    /** Draw a moment. What shows a window is drawn only when another window has ended (or `again`). */
    draw(seconds, again = false) {
      const shift = `translateX(${(100 * seconds) / duration}%)`;
      for (const playhead of playheads) playhead.style.transform = shift;
      player.show(seconds);
      const index = place(Math.round(seconds * (scores?.rate ?? 0)));
      const beginning = !begun && (seconds > 0 || !audio.paused);
      begun ||= beginning;
      if (index !== drawn || again || beginning) {
        drawn = index;
        drawWindow(index);
      }
      if (index === NOT_YET) now.listen(seconds / config.windowSeconds);
    },
  };
}
