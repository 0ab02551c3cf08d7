/**
 * The page follows the audio element's own clock: it reads `currentTime` and draws whenever something changes on the
 * page, and not before. (What glides between two such moments, the playhead, is moved by the browser's compositor:
 * a page that draws every frame keeps a slow machine busy with nothing.) It rests while the sound is paused or the page
 * hidden; a seek draws once.
 */

const DRAW_ON = ["seeking", "seeked", "pause", "waiting", "playing", "ratechange", "ended", "loadedmetadata", "emptied"];
const FRAME_MS = 20; // What comes sooner is drawn with the next frame.
const SLACK_MS = 1; // A timer that is early would find nothing new.

/** A time brought within a track. */
export const within = (seconds, duration) => Math.min(Math.max(0, seconds), duration);

/** Where the playhead is: where it was sent (`pending`, until the element knows the track), at the end, or at the sound. */
export const positionOf = ({ ended, currentTime }, pending, duration) =>
  pending ?? (ended ? duration : Math.min(currentTime, duration));

/** How fast the playhead moves, in seconds a second: 0 while nothing sounds. */
export const paceOf = ({ paused, ended, seeking, readyState, playbackRate }) =>
  paused || ended || seeking || readyState < HTMLMediaElement.HAVE_FUTURE_DATA ? 0 : playbackRate;

/**
 * `draw(seconds, pace)` is called with the playhead; `next(seconds)` tells the time at which it must be called again, if
 * the sound plays on (that same time: with the next frame). Gives `{ seek, now, pace, redraw, setTrack }`.
 */
export function createClock(audio, draw, next) {
  let frame = 0;
  let timer = 0;
  let duration = 0;
  let pending = null; // Where to begin, until the element knows the track.

  const now = () => positionOf(audio, pending, duration);
  const running = () => !audio.paused && !audio.ended && !document.hidden;
  const rest = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = 0;
  };
  const step = () => {
    rest();
    draw(now(), paceOf(audio));
    if (!running()) return;
    const wait = (1000 * (next(now()) - now())) / audio.playbackRate;
    if (wait < FRAME_MS) redraw();
    else timer = setTimeout(step, wait + SLACK_MS);
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
    if (document.hidden) rest();
    else redraw();
  });

  return {
    now,
    pace: () => paceOf(audio),
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
