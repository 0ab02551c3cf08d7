import assert from "node:assert/strict";
import test from "node:test";

import "./speaking.mjs";
import { catchUpRate, IN_STEP_SECONDS } from "../../assets/player/as_heard.mjs";

test("in step, the second sound runs as fast as the first", () => {
  assert.equal(catchUpRate(0, 1.5), 1.5);
  assert.equal(catchUpRate(IN_STEP_SECONDS / 2, 1), 1);
});

test("behind, it runs faster, ahead, slower, and never by more than a tenth", () => {
  assert.ok(catchUpRate(0.02, 1) > 1);
  assert.ok(catchUpRate(-0.02, 1) < 1);
  assert.equal(catchUpRate(5, 1), 1.1);
  assert.equal(catchUpRate(-5, 2), 1.8);
});
