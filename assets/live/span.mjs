/** Which stretch of what has come is shown. */

export const ROLLING_SECONDS = 300;
const FIRST_SECONDS = 60;

/**
 * `{ from, seconds }` at a time: the first minute at first, then the last five minutes (moved on ten seconds at a time, so
 * that the pictures stand still in between); or the `whole`, in steps.
 */
export function viewOf(at, whole) {
  if (at < FIRST_SECONDS) return { from: 0, seconds: FIRST_SECONDS };
  if (whole) return { from: 0, seconds: FIRST_SECONDS * 2 ** Math.ceil(Math.log2((at + 1) / FIRST_SECONDS)) };
  const end = 10 * Math.ceil((at + 1) / 10);
  return { from: Math.max(0, end - ROLLING_SECONDS), seconds: ROLLING_SECONDS };
}
