import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { pauseAfter } from "../../assets/core/connection.mjs";
import { refusal } from "../../assets/player/limits.mjs";

const LIMITS = { maxBytes: 2 * 2 ** 20, maxSeconds: 900, words: "WAV or MP3; up to 2 MiB and 15 minutes" };
const file = (size, name = "a.wav") => ({ name, size });

test("a file within the limits is sent, also where its length is not known", () => {
  assert.equal(refusal(file(2 * 2 ** 20), 900, LIMITS), null);
  assert.equal(refusal(file(1), null, LIMITS), null);
  assert.equal(refusal(file(1), 900.9, LIMITS), null); // the decoder decides
});

test("what is too large, too long or empty is refused with its figure and the limits", () => {
  assert.match(refusal(file(2 * 2 ** 20 + 1), null, LIMITS), /^a\.wav has 3 MiB\. .*up to 2 MiB/);
  assert.match(refusal(file(1), 3602, LIMITS), /^a\.wav lasts 1:00:02\. .*15 minutes/);
  assert.match(refusal(file(0), null, LIMITS), /is empty/);
});

test("the pauses between tries grow to a limit", () => {
  const pauses = [0, 1, 2, 3, 4, 20].map(pauseAfter);
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 15_000, 15_000]);
});
