import assert from "node:assert/strict";
import { test } from "node:test";

import "./speaking.mjs";
import { connect } from "../../assets/live/connection.mjs";
import { createSpectrum, melBins } from "../../assets/live/fourier.mjs";
import { createRoll } from "../../assets/live/roll.mjs";
import { viewOf } from "../../assets/live/span.mjs";

class Socket {
  static all = [];
  sent = [];
  bufferedAmount = 0;
  constructor() {
    Socket.all.push(this);
  }
  send(what) {
    this.sent.push(typeof what === "string" ? JSON.parse(what) : what.length);
  }
  close() {}
  greet(session = "s") {
    this.onopen();
    this.tell({ type: "header", session });
  }
  tell(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

function connected(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  Socket.all = [];
  const states = [];
  const sentences = [];
  const on = { message() {}, state: (state, sentence) => states.push(state) && sentences.push(sentence) };
  const connection = connect({ sample_rate: 100 }, 1, on, Socket);
  return { connection, states, sentences, socket: Socket.all[0] };
}

test("sound goes out in order after the hello", (t) => {
  const { connection, states, socket } = connected(t);
  socket.greet();
  connection.send(new Int16Array(10));
  connection.send(new Int16Array(20));
  assert.deepEqual(socket.sent, [{ type: "hello", sample_rate: 100, resume: "", at: 0 }, 10, 20]);
  assert.deepEqual(states, ["open"]);
});

test("what a slow network cannot take is a gap, and order stays", (t) => {
  const { connection, states, socket } = connected(t);
  socket.greet();
  socket.bufferedAmount = 201;
  connection.send(new Int16Array(10));
  socket.bufferedAmount = 150;
  connection.send(new Int16Array(10));
  socket.bufferedAmount = 50;
  connection.send(new Int16Array(5));
  assert.deepEqual(socket.sent.slice(1), [{ type: "gap", samples: 20 }, 5]);
  assert.deepEqual(states, ["open", "slow", "open"]);
});

test("a server that never answered is not called a connection that was lost", (t) => {
  const { sentences, socket } = connected(t);
  socket.onclose({ code: 1006 });
  t.mock.timers.tick(500);
  const [, again] = Socket.all;
  again.greet();
  again.onclose({ code: 1006 });
  assert.deepEqual(sentences, ["The server does not answer; trying again.", "", "The connection is lost; trying again."]);
});

test("a lost connection is taken up again where the sound is by then", (t) => {
  const { connection, states, socket } = connected(t);
  socket.greet("first");
  connection.send(new Int16Array(10));
  socket.onclose({ code: 1006 });
  connection.send(new Int16Array(30));
  t.mock.timers.tick(500);
  const [, again] = Socket.all;
  again.onopen();
  connection.send(new Int16Array(7));
  again.tell({ type: "header", session: "first" });
  connection.send(new Int16Array(1));
  assert.deepEqual(again.sent, [
    { type: "hello", sample_rate: 100, resume: "first", at: 40 },
    { type: "gap", samples: 7 },
    1,
  ]);
  assert.deepEqual(states, ["open", "lost", "open"]);
});

test("what the server refuses is not asked again", (t) => {
  const { states, socket } = connected(t);
  socket.onopen();
  socket.tell({ type: "error", problem: { detail: "no" } });
  socket.onclose({ code: 1008 });
  t.mock.timers.tick(60_000);
  assert.equal(Socket.all.length, 1);
  assert.deepEqual(states, ["over"]);
});

test("a tone lies in its bin", () => {
  const power = createSpectrum(8)(Float32Array.from({ length: 256 }, (_, n) => Math.cos((2 * Math.PI * 20 * n) / 256)));
  assert.equal(power.indexOf(Math.max(...power)), 20);
});

test("mel bands rise and stay within the spectrum", () => {
  const bins = melBins(96, 11_025, 48_000, 2048);
  bins.forEach(([low, high], band) => {
    assert.ok(low <= high && high < 1024);
    if (band) assert.ok(low >= bins[band - 1][0]);
  });
});

test("what has come is kept by the quarter of a second", () => {
  const roll = createRoll(8000, 4000);
  roll.add(Int16Array.from({ length: 5000 }, (_, n) => (n < 2000 ? 16384 : -8192)));
  assert.equal(roll.columns, 2);
  assert.deepEqual(roll.peaks(0, 3), { n: 3, min: [0, -0.25, 0], max: [0.5, 0, 0] });
  assert.equal(roll.shade(9, 0), 0);
});

test("the shown stretch rolls once five minutes have come", () => {
  assert.deepEqual(viewOf(12, false), { from: 0, seconds: 60 });
  assert.deepEqual(viewOf(100, false), { from: 0, seconds: 300 });
  assert.deepEqual(viewOf(315, false), { from: 20, seconds: 300 });
  assert.deepEqual(viewOf(315, true), { from: 0, seconds: 480 });
});
