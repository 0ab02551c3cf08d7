import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanguage } from "./speaking.mjs";
import { clock, clockTenths, listed, number, percent, score, secondsOf, span, spoken } from "../../assets/core/format.mjs";

test("a time is never rounded up", () => {
  assert.equal(clock(58.96), "0:58");
  assert.equal(clockTenths(58.96), "0:58.9");
  assert.equal(spoken(58.96), "58 seconds");
});

test("hours appear where there are any", () => {
  assert.equal(clock(3599.99), "59:59");
  assert.equal(clock(3602), "1:00:02");
  assert.equal(clockTenths(3675.26), "1:01:15.2");
  assert.equal(spoken(3602), "1 hour 2 seconds");
});

test("a tenth that floating point has just missed counts", () => {
  assert.equal(clockTenths(0.1 + 0.2), "0:00.3");
  assert.equal(clockTenths(2.3), "0:02.3");
  assert.equal(clockTenths(-1), "0:00.0");
});

test("units are singular and plural", () => {
  assert.equal(spoken(0), "0 seconds");
  assert.equal(spoken(1), "1 second");
  assert.equal(spoken(61), "1 minute 1 second");
  assert.equal(spoken(120), "2 minutes");
});

test("scores have two decimals, spans both ends, tracks their length in samples", () => {
  assert.equal(score(0.005), "0.01");
  assert.equal(span({ start: 0, end: 66_150 }, 22_050), "0:00.0 \u2013 0:03.0");
  assert.equal(secondsOf({ duration_samples: 66_150, sample_rate: 22_050 }), 3);
});

test("numbers, scores and times are written as the page's language does", () => {
  inLanguage("de", () => {
    assert.equal(score(0.834), "0,83");
    assert.equal(percent(0.051), "5,1 %");
    assert.equal(number(-12345.6, 1), "\u221212.345,6");
    assert.equal(clockTenths(75.26), "1:15,2");
    assert.equal(spoken(3661), "1 Stunde 1 Minute 1 Sekunde");
    assert.equal(listed(["a", "b", "c"]), "a, b und c");
  });
  assert.equal(score(0.834), "0.83");
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
});
