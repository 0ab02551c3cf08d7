import assert from "node:assert/strict";
import { test } from "node:test";

import "./speaking.mjs";
import { createStation, mixed } from "../../assets/live/station.mjs";

class Context {
  static last = null;
  currentTime = 10;
  baseLatency = 0;
  state = "running";
  starts = [];
  constructor() {
    Context.last = this;
  }
  createGain() {
    return { gain: {}, connect() {} };
  }
  createBuffer(channels, n) {
    return { getChannelData: () => new Float32Array(n) };
  }
  createBufferSource() {
    return { connect() {}, start: (at) => this.starts.push(at) };
  }
}

const pcm = (n) => new Int16Array(2 * n).buffer;
const station = () => createStation({ sample_rate: 100, channels: 2 }, Context);

test("pieces play one behind the other, and the clock is what has been played", () => {
  const radio = station();
  assert.equal(radio.seconds(), 0);
  radio.add(pcm(100), 0);
  radio.add(pcm(50), 0);
  assert.deepEqual(Context.last.starts, [10.5, 11.5]);
  const heard = [];
  Context.last.currentTime = 11.6;
  assert.ok(Math.abs(radio.seconds() - 1.1) < 1e-9);
  radio.drain((part) => heard.push(part.length));
  assert.deepEqual(heard, [100]);
  Context.last.currentTime = 13;
  assert.equal(radio.seconds(), 1.5); // It ran dry: no time passes.
  assert.ok(radio.isDry);
});

test("what comes late is waited for, and time never goes back", () => {
  const radio = station();
  radio.add(pcm(100), 0);
  Context.last.currentTime = 20;
  radio.add(pcm(100), 0);
  assert.equal(Context.last.starts[1], 20.5);
  assert.equal(radio.seconds(), 1);
  Context.last.currentTime = 21;
  assert.equal(radio.seconds(), 1.5);
});

test("a gap is silence of its length, and the place goes on while nothing comes", () => {
  const radio = station();
  assert.equal(radio.place(5000), 0);
  radio.add(pcm(100), 1000);
  assert.equal(radio.place(3000), 300);
  radio.advanceTo(350);
  radio.advanceTo(20);
  radio.add(pcm(100), 3500);
  assert.deepEqual(Context.last.starts, [10.5, 14]);
  const heard = [];
  Context.last.currentTime = 15;
  radio.drain((part) => heard.push(part.length));
  assert.deepEqual(heard, [100, 250, 100]);
});

test("a station that nobody hears is not collected for ever", () => {
  const radio = station();
  assert.ok(radio.add(pcm(5900), 0));
  assert.ok(!radio.add(pcm(200), 0));
});

test("channels are averaged", () => {
  assert.deepEqual([...mixed(Int16Array.of(1, 3, -10, 10), 2)], [2, 0]);
  const mono = Int16Array.of(1, 2);
  assert.equal(mixed(mono, 1), mono);
});
