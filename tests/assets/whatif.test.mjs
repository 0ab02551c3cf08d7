import assert from "node:assert/strict";
import test from "node:test";

import "./speaking.mjs";
import { noiseSamples, ratesOf } from "../../assets/whatif/chain.mjs";
import { changedIn, KNOBS, OFF, sentenceOf, wordsOf } from "../../assets/whatif/knobs.mjs";
import { delayOf, PitchShifter } from "../../assets/whatif/pitch.mjs";
import { wav } from "../../assets/whatif/score.mjs";
import { readHeader } from "../../assets/whatif/stretch.mjs";

const RATE = 44_100;
const tone = (hz, n) => Float32Array.from({ length: n }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE));

/** Shift in blocks of an audio thread; drops what the grains hold back. */
function shifted(samples, ratio) {
  const shifter = new PitchShifter(1);
  const out = new Float32Array(samples.length);
  for (let at = 0; at + 128 <= samples.length; at += 128) {
    shifter.process([samples.subarray(at, at + 128)], [out.subarray(at, at + 128)], ratio);
  }
  return out.subarray(2 * delayOf(ratio));
}

const level = (samples) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

/** Amplitude at a frequency (Goertzel). */
function amplitudeAt(samples, hz) {
  let re = 0;
  let im = 0;
  samples.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * hz * n) / RATE);
    im += value * Math.sin((2 * Math.PI * hz * n) / RATE);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

for (const semitones of [-12, -5, -1, 1, 4, 12]) {
  test(`a tone moved by ${semitones} semitones is the tone there, as loud`, () => {
    const ratio = 2 ** (semitones / 12);
    const out = shifted(tone(440, RATE), ratio);
    assert.ok(amplitudeAt(out, 440 * ratio) > 0.45, `${amplitudeAt(out, 440 * ratio)}`);
    assert.ok(amplitudeAt(out, 440) < 0.05);
    assert.ok(Math.abs(level(out) / level(tone(440, RATE)) - 1) < 0.05);
  });
}

test("at a ratio of 1 sound only comes later", () => {
  const sound = tone(300, RATE).map((value, n) => value + 0.2 * Math.sin((2 * Math.PI * 1234 * n) / RATE));
  const out = shifted(sound, 1);
  assert.ok(Math.abs(amplitudeAt(out, 300) - 0.5) < 0.02);
  assert.ok(Math.abs(amplitudeAt(out, 1234) - 0.2) < 0.02);
});

test("pitch and tempo are told apart by rate and ratio", () => {
  assert.deepEqual(ratesOf(OFF), { rate: 1, ratio: 1 });
  assert.deepEqual(ratesOf({ ...OFF, tempo: 50 }), { rate: 0.5, ratio: 2 });
  assert.deepEqual(ratesOf({ ...OFF, pitch: 12 }, 2), { rate: 2, ratio: 1 });
});

test("noise is the same each time, and of a level of 1", () => {
  assert.deepEqual(noiseSamples(1000), noiseSamples(1000));
  assert.ok(Math.abs(level(noiseSamples(100_000)) - 1) < 0.01);
});

test("knobs at rest change nothing, and say what they do once turned", () => {
  assert.deepEqual(changedIn(OFF), []);
  for (const knob of KNOBS) assert.ok(OFF[knob.name] >= knob.low && OFF[knob.name] <= knob.high, knob.name);
  assert.equal(sentenceOf({ ...OFF, treble: -12 }), "the treble at \u221212 dB");
  assert.equal(sentenceOf({ ...OFF, pitch: 1, noise: -30, mono: 1 }), "the pitch at +1 semitone, noise at \u221230 dBFS and one channel");
  const lowPass = KNOBS.find(({ name }) => name === "lowPass");
  assert.equal(wordsOf(lowPass, 10), "1,000 Hz");
  assert.equal(wordsOf(lowPass, lowPass.off), "off");
});

test("what is sent is a WAV whose header is understood, limited at full scale", async () => {
  const bytes = await wav(Float32Array.of(0, 0.5, 2, -2), RATE).arrayBuffer();
  assert.deepEqual(readHeader(bytes), { nChannels: 1, rate: RATE, start: 44 });
  assert.deepEqual([...new Int16Array(bytes, 44)], [0, 16_384, 32_767, -32_768]);
});
