/** The knobs: what each changes, from where to where, and when it changes nothing. */

import { listed, number } from "../core/format.mjs";
import { text } from "../core/texts.mjs";

const LN2 = Math.LN2;

/** `low` to `high` in steps of `step`; `off` changes nothing. A logarithmic one counts in octaves. */
export const KNOBS = [
  { name: "lowPass", low: 7.6, high: 14.4, step: 0.1, off: 14.4, isOctaves: true, unit: "Hz" },
  { name: "highPass", low: 4.3, high: 12, step: 0.1, off: 4.3, isOctaves: true, unit: "Hz" },
  { name: "bass", low: -24, high: 24, step: 1, off: 0, unit: "dB" },
  { name: "middle", low: -24, high: 24, step: 1, off: 0, unit: "dB" },
  { name: "treble", low: -24, high: 24, step: 1, off: 0, unit: "dB" },
  { name: "gain", low: -24, high: 24, step: 1, off: 0, unit: "dB" },
  { name: "pitch", low: -12, high: 12, step: 1, off: 0, unit: "" },
  { name: "tempo", low: 60, high: 160, step: 5, off: 100, unit: "%" },
  { name: "noise", low: -66, high: -12, step: 2, off: -66, unit: "dBFS" },
  { name: "mono", low: 0, high: 1, step: 1, off: 0, unit: "" },
];

export const OFF = Object.freeze(Object.fromEntries(KNOBS.map(({ name, off }) => [name, off])));

/** What is changed, by name. */
export const changedIn = (values) => KNOBS.filter(({ name, off }) => values[name] !== off);

/** The frequency of a value in octaves. */
export const hertz = (octaves) => Math.exp(octaves * LN2);

const signed = (value) => `${value > 0 ? "+" : ""}${number(value)}`;

/** A knob's value as people read it. */
export function wordsOf({ name, off, isOctaves, unit }, value) {
  if (name === "mono") return value ? text("knob.on") : text("knob.off");
  if (value === off && (isOctaves || name === "noise")) return text("knob.off");
  if (isOctaves) {
    const exact = hertz(value);
    const digits = 10 ** (Math.floor(Math.log10(exact)) - 1);
    return `${number(Math.round(exact / digits) * digits)} ${unit}`;
  }
  if (name === "pitch") return text("knob.semitones", { n: Math.abs(value), value: signed(value) });
  return `${name === "tempo" ? number(value) : signed(value)} ${unit}`;
}

/** All that is changed, as part of a sentence: "the treble at −12 dB and noise at −30 dBFS". */
export function sentenceOf(values) {
  return listed(changedIn(values).map(({ name, ...knob }) => text(`knob.sentence.${name}`, { value: wordsOf({ name, ...knob }, values[name]) })));
}
