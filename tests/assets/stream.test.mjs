import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { messages } from "../../assets/core/stream.mjs";

/** A response whose body arrives in these pieces. */
function response(...pieces) {
  const encoder = new TextEncoder();
  return {
    body: new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
        controller.close();
      },
    }),
  };
}

async function all(answer) {
  const read = [];
  for await (const message of messages(answer)) read.push(message);
  return read;
}

const END = '{"type":"end"}\n';

test("lines are put together however they arrive, and the end is not one of them", async () => {
  const text = '{"type":"header","n":1}\n{"type":"window","n":2}\n' + END;
  const whole = await all(response(text));
  assert.deepEqual(whole.map(({ n }) => n), [1, 2]);
  assert.deepEqual(await all(response(...text)), whole);
});

test("a letter cut in two pieces stays a letter", async () => {
  const bytes = new TextEncoder().encode('{"type":"window","n":"\u00fc"}\n');
  const cut = bytes.indexOf(0xc3) + 1;
  const [message] = await all(response(bytes.slice(0, cut), bytes.slice(cut), END));
  assert.equal(message.n, "\u00fc");
});

test("a stream without an end has broken off", async () => {
  await assert.rejects(all(response('{"type":"header"}\n')), /broke off/);
  await assert.rejects(all(response('{"type":"header"}\n{"type":"win')), /broke off/);
});

test("an error on the way is thrown in the server's words, with its status", async () => {
  const line = '{"type":"error","problem":{"detail":"Too many tracks.","status":503}}\n';
  await assert.rejects(all(response(line)), (error) => error.message === "Too many tracks." && error.status === 503);
});
