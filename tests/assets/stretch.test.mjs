import assert from "node:assert/strict";
import test from "node:test";
import "./speaking.mjs";
import { holding, moved, whole, zoomed } from "../../assets/pictures/stretch.mjs";

test("zooming keeps the time under the hand where it is", () => {
  const near = zoomed(whole(100), 100, 0.5, 40);
  assert.deepEqual(near, { from: 20, seconds: 50 });
  assert.deepEqual(zoomed(near, 100, 2, 40), whole(100));
});

test("a stretch never leaves the track nor grows too short", () => {
  assert.deepEqual(zoomed(whole(100), 100, 0.001, 100), { from: 90, seconds: 10 });
  assert.deepEqual(zoomed(whole(100), 100, 5, 30), whole(100));
  assert.deepEqual(zoomed(whole(4), 4, 0.1, 2), whole(4));
  assert.deepEqual(moved({ from: 80, seconds: 20 }, 100, 3), { from: 80, seconds: 20 });
  assert.deepEqual(moved({ from: 80, seconds: 20 }, 100, -0.5), { from: 70, seconds: 20 });
});

test("the playhead is held: the page turns when it leaves", () => {
  const stretch = { from: 20, seconds: 50 };
  assert.equal(holding(stretch, 100, 70), stretch);
  assert.deepEqual(holding(stretch, 100, 19), { from: 14, seconds: 50 });
  assert.deepEqual(holding(stretch, 100, 99), { from: 50, seconds: 50 });
});
