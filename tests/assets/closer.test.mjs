import assert from "node:assert/strict";
import test from "node:test";

import "./speaking.mjs";
import { between, projection } from "../../assets/pictures/map.mjs";
import { heights, shadesOf } from "../../assets/pictures/strip.mjs";

test("a strip is drawn from its lowest to its highest", () => {
  assert.deepEqual(heights([1, 2, 3], 1, 3), [0, 0.5, 1]);
  assert.deepEqual(heights([2], 2, 2), [0.5]);
});

test("shades go by the row's own range where that is asked for", () => {
  assert.deepEqual(shadesOf([[0, 5], [1, 7]], true), [[0, 0], [1, 1]]);
  assert.deepEqual(shadesOf([[0.25], [1]], false), [[0.25], [1]]);
});

test("the map keeps its proportions and its margins", () => {
  const place = projection([[0, 0], [10, 1]]);
  const [[x0, y0], [x1, y1]] = [place([0, 0]), place([10, 1])];
  assert.ok(x0 >= 0 && x1 <= 720 && y1 >= 0 && y0 <= 480);
  assert.ok(Math.abs((x1 - x0) / (y0 - y1) - 10) < 1e-9);
});

test("the track moves from window to window, and rests in silence and at its ends", () => {
  const windows = [{ end: 100, position: [0, 0] }, { end: 200, position: [2, 4] }, { end: 300, position: null }];
  assert.deepEqual(between(windows, 50), { last: -1, position: null });
  assert.deepEqual(between(windows, 150), { last: 0, position: [1, 2] });
  assert.deepEqual(between(windows, 250), { last: 1, position: [2, 4] });
  assert.deepEqual(between(windows, 900), { last: 2, position: null });
});
