/** Numbers and times as people read them. A time is never rounded up: what is said has passed. */

const MINUTE = 60;
const HOUR = 3600;

const two = (number) => String(number).padStart(2, "0");

/** `75.26` -> `{ hours: 0, minutes: 1, seconds: 15, tenths: 2 }`. */
function parts(time) {
  const tenths = Math.floor(Math.max(0, time) * 10 + 1e-6);
  const whole = Math.floor(tenths / 10);
  return {
    hours: Math.floor(whole / HOUR),
    minutes: Math.floor(whole / MINUTE) % MINUTE,
    seconds: whole % MINUTE,
    tenths: tenths % 10,
  };
}

/** `75.26` -> `1:15`, `3675.26` -> `1:01:15`. */
export function clock(time) {
  const { hours, minutes, seconds } = parts(time);
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `75.26` -> `1:15.2`. */
export const clockTenths = (time) => `${clock(time)}.${parts(time).tenths}`;

/** A time for a screen reader: `1 minute 15 seconds`. */
export function spoken(time) {
  const { hours, minutes, seconds } = parts(time);
  const count = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  return [
    ...(hours ? [count(hours, "hour")] : []),
    ...(minutes ? [count(minutes, "minute")] : []),
    ...(seconds || !(hours || minutes) ? [count(seconds, "second")] : []),
  ].join(" ");
}

/** A score: two decimals. */
export const score = (value) => value.toFixed(2);

/** A share: whole percents, one decimal below ten. */
export const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** The span of a window. */
export const span = (window, rate) => `${clockTenths(window.start / rate)} \u2013 ${clockTenths(window.end / rate)}`;

/** How long a track is. */
export const secondsOf = (track) => track.duration_samples / track.sample_rate;
