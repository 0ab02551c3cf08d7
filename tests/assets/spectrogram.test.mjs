import assert from "node:assert/strict";
import test from "node:test";
import "./speaking.mjs";
import { bandAt, bytesOf, hertz } from "../../assets/pictures/bands.mjs";
import { shades } from "../../assets/pictures/shades.mjs";

test("bytes are read as they were sent", () => {
  assert.deepEqual([...bytesOf({ db: btoa("\x00\x80\xff") })], [0, 128, 255]);
});

test("a frequency lies between the centres of its bands, or outside", () => {
  assert.equal(bandAt([100, 200, 400], 300), 1.5);
  assert.equal(bandAt([100, 200, 400], 200), 1);
  assert.equal(bandAt([100, 200, 400], 500), -1);
});

test("frequencies are said in hertz, and in kilohertz above one", () => {
  assert.deepEqual([440.4, 1250, 10_400].map(hertz), ["440 Hz", "1.3 kHz", "10 kHz"]);
});

test("shades go from the first colour to the last and through those between", () => {
  const table = shades([[0, "#000000"], [0.5, "#ff0000"], [1, "#ffffff"]]);
  assert.equal(table.length, 256);
  assert.deepEqual([table[0], table[255]], [[0, 0, 0], [255, 255, 255]]);
  assert.deepEqual(table[64].slice(1), [0, 0]);
  assert.ok(table[127][0] > 250 && table[200][1] > 100);
});
