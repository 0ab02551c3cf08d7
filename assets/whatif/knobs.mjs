/** The knobs: what each changes, from where to where, and when it changes nothing. */

const LN2 = Math.LN2;

/** `low` to `high` in steps of `step`; `off` changes nothing. A logarithmic one counts in octaves. */
export const KNOBS = [
  { name: "lowPass", low: 7.6, high: 14.4, step: 0.1, off: 14.4, isOctaves: true, unit: "Hz", sentence: "the treble cut off above" },
  { name: "highPass", low: 4.3, high: 12, step: 0.1, off: 4.3, isOctaves: true, unit: "Hz", sentence: "the bass cut off below" },
  { name: "bass", low: -24, high: 24, step: 1, off: 0, unit: "dB", sentence: "the bass at" },
  { name: "middle", low: -24, high: 24, step: 1, off: 0, unit: "dB", sentence: "the middle at" },
  { name: "treble", low: -24, high: 24, step: 1, off: 0, unit: "dB", sentence: "the treble at" },
  { name: "gain", low: -24, high: 24, step: 1, off: 0, unit: "dB", sentence: "the level at" },
  { name: "pitch", low: -12, high: 12, step: 1, off: 0, unit: "semitones", sentence: "the pitch at" },
  { name: "tempo", low: 60, high: 160, step: 5, off: 100, unit: "%", sentence: "the tempo at" },
  { name: "noise", low: -66, high: -12, step: 2, off: -66, unit: "dBFS", sentence: "noise at" },
  { name: "mono", low: 0, high: 1, step: 1, off: 0, unit: "", sentence: "one channel" },
];

export const OFF = Object.freeze(Object.fromEntries(KNOBS.map(({ name, off }) => [name, off])));

/** What is changed, by name. */
export const changedIn = (values) => KNOBS.filter(({ name, off }) => values[name] !== off);

/** The frequency of a value in octaves. */
export const hertz = (octaves) => Math.exp(octaves * LN2);

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${Math.abs(value)}`;

/** A knob's value as people read it. */
export function wordsOf({ name, off, isOctaves, unit }, value) {
  if (name === "mono") return value ? "on" : "off";
  if (value === off && (isOctaves || name === "noise")) return "off";
  if (isOctaves) {
    const exact = hertz(value);
    const digits = 10 ** (Math.floor(Math.log10(exact)) - 1);
    return `${(Math.round(exact / digits) * digits).toLocaleString("en")} ${unit}`;
  }
  const number = name === "tempo" ? String(value) : signed(value);
  return `${number} ${Math.abs(value) === 1 ? unit.replace(/s$/, "") : unit}`;
}

/** All that is changed, as part of a sentence: "the treble at −12 dB and noise at −30 dBFS". */
export function sentenceOf(values) {
  const parts = changedIn(values).map((knob) => (knob.name === "mono" ? knob.sentence : `${knob.sentence} ${wordsOf(knob, values[knob.name])}`));
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
