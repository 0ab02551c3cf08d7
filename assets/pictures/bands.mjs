/** The bands of a log-mel picture: their levels as they were sent, their frequencies in words. */

import { number } from "../core/format.mjs";

/** The answer's base64 bytes, row by row: 0 the floor, 255 the loudest; the lowest band first. */
export const bytesOf = ({ db }) => Uint8Array.from(atob(db), (character) => character.charCodeAt(0));

export const hertz = (value) => (value < 1000 ? `${number(value)} Hz` : `${number(value / 1000, value < 9950 ? 1 : 0)} kHz`);

/** Band, with its fraction, at which a frequency lies; below 0 where it lies outside. */
export function bandAt(centres, value) {
  const above = centres.findIndex((centre) => centre >= value);
  if (above <= 0) return above;
  return above - 1 + (value - centres[above - 1]) / (centres[above] - centres[above - 1]);
}
