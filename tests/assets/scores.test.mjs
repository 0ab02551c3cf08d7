import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { Scores } from "../../assets/core/scores.mjs";

const HEADER = { sample_rate: 100, window_samples: 300, hop_samples: 50, duration_samples: 460 };

function scored(n, complete = true) {
  const scores = new Scores(HEADER);
  for (let index = 0; index < n; index += 1) scores.add({ start: 50 * index, end: Math.min(300 + 50 * index, 460) });
  scores.complete = complete;
  return scores;
}

test("a window is heard once it has ended, not before", () => {
  const scores = scored(4);
  assert.equal(scores.heardBy(299), -1);
  assert.equal(scores.heardBy(300), 0);
  assert.equal(scores.heardBy(349), 0);
  assert.equal(scores.heardBy(350), 1);
  assert.equal(scores.heardBy(10_000), 3);
});

test("the last window may end off the grid, with the track", () => {
  const scores = scored(5);
  assert.equal(scores.windows.at(-1).end, 460);
  assert.equal(scores.heardBy(459), 3);
  assert.equal(scores.heardBy(460), 4);
});

test("scores are behind where a window has ended that has not come yet", () => {
  assert.equal(scored(0, false).isBehind(299), false);
  assert.equal(scored(0, false).isBehind(300), true);
  assert.equal(scored(2, false).isBehind(399), false);
  assert.equal(scored(2, false).isBehind(400), true);
  assert.equal(scored(2, true).isBehind(400), false);
});

test("the neighbours of a moment are ends of windows", () => {
  const scores = scored(4);
  assert.equal(scores.neighbour(320, 1), 350);
  assert.equal(scores.neighbour(340, -1), 300); // well inside the half second: back to its start first
  assert.equal(scores.neighbour(355, -1), 300);
  assert.equal(scores.neighbour(100, -1), null);
  assert.equal(scores.neighbour(450, 1), null);
});
