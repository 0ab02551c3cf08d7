import assert from "node:assert/strict";
import { test } from "node:test";
import { parted } from "../../assets/pictures/map.mjs";

const box = (x, y) => ({ x, y, width: 60, height: 20 });
const covered = (boxes, down) =>
  boxes.flatMap((one, first) =>
    boxes.slice(0, first).filter((other, second) => {
      const apart = Math.abs(one.y + down[first] - other.y - down[second]);
      return Math.abs(one.x - other.x) < 60 && apart < 19;
    }),
  );

test("names that do not cover each other stay", () => {
  assert.deepEqual(parted([box(0, 0), box(0, 20), box(60, 5)]), [0, 0, 0]);
});

test("two that do part by half of it each, the upper one upwards", () => {
  assert.deepEqual(parted([box(0, 0), box(30, 8)]), [-6, 6]);
});

test("in a crowd none covers another at the end", () => {
  const crowd = Array.from({ length: 10 }, (_, n) => box(20 * (n % 3), 7 * n));
  assert.deepEqual(covered(crowd, parted(crowd)), []);
});

test("what is fixed stays, and the other goes all the way", () => {
  assert.deepEqual(parted([box(30, 8)], [box(0, 0), box(200, 8)]), [12]);
});

test("names at one place part too", () => {
  const crowd = [box(0, 0), box(0, 0), box(0, 0)];
  assert.deepEqual(covered(crowd, parted(crowd)), []);
});
