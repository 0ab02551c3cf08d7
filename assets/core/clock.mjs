/**
 * The page follows the audio element's own clock: one loop on requestAnimationFrame reads `currentTime` and draws.
 * It rests while the sound is paused, waiting or the page hidden; a seek draws once.
 */

const DRAW_ON = ["seeking", "seeked", "pause", "playing", "ended", "loadedmetadata", "emptied"];

/** A time brought within a track. */
export const within = (seconds, duration) => Math.min(Math.max(0, seconds), duration);

/** Where the playhead is: where it was sent (`pending`, until the element knows the track), at the end, or at the sound. */
export const positionOf = ({ ended, currentTime }, pending, duration) =>
  pending ?? (ended ? duration : Math.min(currentTime, duration));

/** `draw(seconds)` is called with the playhead. Gives `{ seek, now, redraw, setTrack }`. */
export function createClock(audio, draw) {
  let frame = 0;
  let duration = 0;
  let pending = null; // Where to begin, until the element knows the track.

  const now = () => positionOf(audio, pending, duration);
  const running = () => !audio.paused && !audio.ended && !document.hidden;
  const step = () => {
    frame = 0;
    draw(now());
    if (running()) frame = requestAnimationFrame(step);
  };
  const redraw = () => {
    if (!frame) frame = requestAnimationFrame(step);
  };
  const settle = () => {
    if (pending === null || audio.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const target = pending;
    pending = null;
    if (target !== audio.currentTime) audio.currentTime = target;
  };

  audio.addEventListener("loadedmetadata", settle);
  for (const name of DRAW_ON) audio.addEventListener(name, redraw);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      cancelAnimationFrame(frame);
      frame = 0;
    } else redraw();
  });

  return {
    now,
    redraw,
    setTrack(seconds, start) {
      duration = seconds;
      pending = within(start, seconds);
    },
    seek(seconds) {
      pending = within(seconds, duration);
      settle();
      redraw();
    },
  };
}
