/** The stretch of a track that its pictures show, `{ from, seconds }`: all of it, or a part of it, larger. */

const LEAST_SECONDS = 10;
const LEAD = 0.1; // Where the playhead comes in when the pictures turn the page.

export const whole = (total) => ({ from: 0, seconds: total });

const within = ({ from, seconds }, total) => ({ from: Math.min(Math.max(0, from), total - seconds), seconds });

/** Larger (`factor` below 1) or smaller, so that the time `at` stays where it is. */
export function zoomed({ from, seconds }, total, factor, at) {
  const next = Math.min(total, Math.max(Math.min(LEAST_SECONDS, total), seconds * factor));
  return within({ from: at - ((at - from) * next) / seconds, seconds: next }, total);
}

/** Moved by a share of its length. */
export const moved = ({ from, seconds }, total, share) => within({ from: from + share * seconds, seconds }, total);

/** The same, or where it does not hold a time, one that begins a little before it. */
export function holding(stretch, total, time) {
  const { from, seconds } = stretch;
  if (time >= from && time <= from + seconds) return stretch;
  return within({ from: time - LEAD * seconds, seconds }, total);
}
