import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../assets/pictures/finger.mjs";

const SIZE = { width: 120, height: 60 };

test("what a finger touches is said above it", () => {
  assert.deepEqual(placeOf({ x: 200, y: 400 }, SIZE, 390), { left: 140, top: 276 });
});

test("it keeps its head and both shoulders on the screen", () => {
  assert.deepEqual(placeOf({ x: 5, y: 30 }, SIZE, 390), { left: 8, top: 8 });
  assert.equal(placeOf({ x: 385, y: 300 }, SIZE, 390).left, 262);
});
