import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { columnsOf, edgesOf, genreAt, labelsOf, outlinesOf } from "../../assets/pictures/shape.mjs";

const window = (end, p, state = "music") => ({ end, p, state });

test("few windows are columns as they are; a silent one has no share", () => {
  const windows = [window(300, [0.7, 0.3]), window(350, [0.5, 0.5], "unsure"), window(400, [1, 0], "silence")];
  const { ends, shares, unsure } = columnsOf({ windows, rate: 100 }, 2, 10);
  assert.deepEqual(ends, [3, 3.5, 4]);
  assert.deepEqual(shares, [[0.7, 0.5, 0], [0.3, 0.5, 0]]);
  assert.deepEqual(unsure, [false, true, false]);
});

test("many windows are few columns of their means, to the last window", () => {
  const windows = Array.from({ length: 7001 }, (_, index) => window(index + 1, [index % 2, 1 - (index % 2)]));
  const { ends, shares } = columnsOf({ windows, rate: 1 }, 2, 700);
  assert.ok(ends.length <= 700);
  assert.equal(ends.at(-1), 7001);
  assert.ok(Math.abs(shares[0][0] - 0.5) < 0.1);
});

test("the last genre lies at the bottom; one alone stands on the ground", () => {
  const shares = [[0.2], [0.5], [0.3]];
  const edges = edgesOf(shares);
  assert.equal(edges[2].low[0], 0);
  assert.ok(Math.abs(edges[0].high[0] - 1) < 1e-9);
  assert.equal(edges[1].low[0], edges[2].high[0]);
  assert.deepEqual([edgesOf(shares, 0)[0].low[0], edgesOf(shares, 0)[0].high[0]], [0, 0.2]);
});

test("a name goes where its area is wide and high enough, once a stretch", () => {
  const ends = Array.from({ length: 40 }, (_, index) => index);
  const first = ends.map((at) => (at < 20 ? 0.9 : 0.1));
  const edges = edgesOf([first, first.map((value) => 1 - value)]);
  const places = labelsOf({ ends, edges }, { widths: [6, 6], height: 0.2 });
  assert.deepEqual(places.map(({ genre }) => genre), [0, 1]);
  assert.ok(places[0].seconds < 18 && places[1].seconds > 22);
  assert.deepEqual(labelsOf({ ends, edges }, { widths: [30, 30], height: 0.2 }), []);
});

test("a name stands early in its area, where that is nearly as thick as anywhere", () => {
  const ends = Array.from({ length: 60 }, (_, column) => column);
  const edges = edgesOf([ends.map((column) => 0.7 + column / 300), ends.map((column) => 0.3 - column / 300)]);
  const [first] = labelsOf({ ends, edges }, { widths: [6, 6], height: 0.5 });
  assert.ok(first.seconds < 10);
});

test("a border is drawn where an area beside it is thick, with gaps between", () => {
  const ends = [1, 2, 3];
  const edges = edgesOf([[0.6, 0.01, 0.6], [0.4, 0.01, 0.4], [0, 0.98, 0]]);
  const { x, y } = outlinesOf({ ends, edges }, 0.05);
  assert.deepEqual(x, [1, 2, 3, 3, 1, 2, 3, 3, 2, 3]);
  assert.deepEqual(y.map((value) => value && Math.round(100 * value) / 100), [1, null, 1, null, 0.4, null, 0.4, null, 0.98, null]);
});

test("silence and a genre alone have the borders of what is shown", () => {
  const edges = edgesOf([[0.5, 0], [0.5, 0]], 1);
  assert.deepEqual(outlinesOf({ ends: [1, 2], edges }, 0.05), { x: [1, 2], y: [0.5, null] });
});

test("a place in the stack belongs to the genre whose area is there, the last one lowest", () => {
  const stacked = window(100, [0.5, 0.3, 0.2]);
  assert.deepEqual([0.1, 0.2, 0.3, 0.6, 1].map((level) => genreAt(stacked, level)), [2, 2, 1, 0, 0]);
  assert.deepEqual([genreAt(stacked, -0.1), genreAt(stacked, 1.1), genreAt(null, 0.5)], [-1, -1, -1]);
  assert.equal(genreAt(window(100, [1, 0], "silence"), 0.5), -1);
});
