/** Numbers and times as people read them. A time is never rounded up: what is said has passed. */

import { languageNow, text } from "./texts.mjs";

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
export const clockTenths = (time) => `${clock(time)}${text("number.decimal_mark")}${parts(time).tenths}`;

/** A time for a screen reader: `1 minute 15 seconds`. */
export function spoken(time) {
  const { hours, minutes, seconds } = parts(time);
  return [
    ...(hours ? [text("time.hours", { n: hours })] : []),
    ...(minutes ? [text("time.minutes", { n: minutes })] : []),
    ...(seconds || !(hours || minutes) ? [text("time.seconds", { n: seconds })] : []),
  ].join(" ");
}

let written = { language: "", formats: [] };

/** A number as the language writes it, with so many decimals and a true minus sign. */
export function number(value, decimals = 0) {
  const language = languageNow();
  if (written.language !== language) written = { language, formats: [] };
  written.formats[decimals] ??= new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return written.formats[decimals].format(value).replace("-", "\u2212");
}

/** Several things as part of a sentence: "a, b and c". */
export const listed = (parts) =>
  parts.length < 2 ? parts.join("") : text("common.and", { most: parts.slice(0, -1).join(", "), last: parts.at(-1) });

/** A score: two decimals. */
export const score = (value) => number(value, 2);

/** A share: whole percents, one decimal below ten. */
export const percent = (share) => `${number(100 * share, share < 0.0995 ? 1 : 0)} %`;

/** The span of a window. */
export const span = (window, rate) => `${clockTenths(window.start / rate)} \u2013 ${clockTenths(window.end / rate)}`;

/** How long a track is. */
export const secondsOf = (track) => track.duration_samples / track.sample_rate;
