/** Numbers and times as people read them. */

/** `75.26` -> `1:15.2`: what has passed, never rounded up. */
export function clockTenths(seconds) {
  const tenths = Math.floor(Math.max(0, seconds) * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  const rest = tenths - minutes * 600;
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
}

/** `75.26` -> `1:15`. */
export function clock(seconds) {
  const whole = Math.round(Math.max(0, seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A time for a screen reader: `1 minute 15 seconds`. */
export function spoken(seconds) {
  const whole = Math.floor(Math.max(0, seconds));
  const minutes = Math.floor(whole / 60);
  const count = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  return (minutes ? `${count(minutes, "minute")} ` : "") + count(whole % 60, "second");
}

/** A score: two decimals. */
export const score = (value) => value.toFixed(2);

/** The span of a window. */
export const span = (window, rate) => `${clockTenths(window.start / rate)} \u2013 ${clockTenths(window.end / rate)}`;
