import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { dropped, isAudio } from "../../assets/player/files.mjs";
import { createQueue } from "../../assets/player/queue.mjs";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const problem = (status, message = "no", isTemporary = status === 0 || status >= 500) =>
  Object.assign(new Error(message), { name: "Problem", status, isTemporary });

/** A queue whose service is played by hand: `sent[name]` has `resolve`, `reject`, `progress` and counts its tries. */
function played({ atOnce = 2, refuse = {} } = {}) {
  const sent = {};
  const ready = [];
  const waits = [];
  const queue = createQueue({
    atOnce,
    check: async ({ name }) => refuse[name] ?? null,
    send({ name }, progress) {
      const one = { progress, tries: (sent[name]?.tries ?? 0) + 1, cancelled: false };
      const done = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }));
      sent[name] = one;
      return {
        done,
        cancel() {
          one.cancelled = true;
          one.reject(new DOMException("Cancelled", "AbortError"));
        },
      };
    },
    onReady: (track) => ready.push(track),
    onChange() {},
    pause: async (ms) => waits.push(ms),
  });
  const add = async (...names) => {
    queue.add(names.map((name) => ({ name })));
    await settled();
  };
  const states = () => Object.fromEntries(queue.entries.map(({ file, state }) => [file.name, state]));
  return { queue, sent, ready, waits, add, states };
}

test("a few are sent at once, the others wait, and each goes its own way", async () => {
  const { queue, sent, ready, add, states } = played();
  await add("a", "b", "c");
  assert.deepEqual(states(), { a: "sending", b: "sending", c: "waiting" });
  sent.a.progress(1);
  assert.equal(states().a, "reading");
  sent.b.reject(problem(422, "b is not audio"));
  await settled();
  assert.deepEqual(states(), { a: "reading", b: "failed", c: "sending" });
  assert.equal(queue.entries[1].message, "b is not audio");
  sent.a.resolve("A");
  sent.c.resolve("C");
  await settled();
  assert.deepEqual(ready, ["A", "C"]);
  assert.deepEqual(states(), { b: "failed" }); // stays until it is read
  assert.equal(queue.isWorking, false);
  assert.equal(queue.nReady, 2);
});

test("what would be refused is not sent", async () => {
  const { sent, add, states } = played({ refuse: { big: "too big" } });
  await add("big", "fine");
  assert.deepEqual(states(), { big: "failed", fine: "sending" });
  assert.equal(sent.big, undefined);
});

test("one can be taken out in every state, and the next takes its place", async () => {
  const { queue, sent, add, states } = played({ atOnce: 1 });
  await add("a", "b", "c");
  queue.remove(queue.entries[1]);
  queue.remove(queue.entries[0]);
  await settled();
  assert.equal(sent.a.cancelled, true);
  assert.equal(sent.b, undefined);
  assert.deepEqual(states(), { c: "sending" });
});

test("a busy service is asked again, at growing distances, and not for ever", async () => {
  const { sent, waits, add, states } = played();
  await add("a");
  for (let tries = 1; tries <= 5; tries += 1) {
    assert.equal(sent.a.tries, tries);
    sent.a.reject(problem(503));
    await settled();
  }
  assert.deepEqual(states(), { a: "failed" });
  assert.deepEqual(waits, [1000, 2000, 4000, 8000]);
});

test("what concerns all pauses them all, is said once, and nothing is lost", async () => {
  const { queue, sent, add, states } = played({ atOnce: 1 });
  await add("a", "b", "c");
  sent.a.reject(problem(409, "You keep 100 uploads; remove one first."));
  await settled();
  assert.match(queue.pausedBy, /remove one/);
  assert.deepEqual(states(), { a: "waiting", b: "waiting", c: "waiting" });
  queue.goOn();
  await settled();
  assert.deepEqual(states(), { a: "sending", b: "waiting", c: "waiting" });
  assert.equal(sent.a.tries, 2);
});

test("a failed one can be tried again", async () => {
  const { queue, sent, add, states } = played();
  await add("a");
  sent.a.reject(problem(0, "The server does not answer."));
  await settled();
  assert.equal(queue.entries[0].isTemporary, true);
  queue.retry(queue.entries[0]);
  await settled();
  assert.deepEqual(states(), { a: "sending" });
});

const fileEntry = (name, type = "") => ({ isFile: true, name, file: (resolve) => resolve({ name, type }) });
const folderEntry = (name, ...inner) => ({
  isDirectory: true,
  name,
  createReader() {
    const parts = [inner.slice(0, 2), inner.slice(2), []].filter((part, place) => place === 2 || part.length);
    return { readEntries: (resolve) => resolve(parts.shift() ?? []) };
  },
});
const item = (entry) => ({ kind: "file", webkitGetAsEntry: () => entry, getAsFile: () => ({ name: entry.name, type: "" }) });

test("a folder gives its audio files in order, from all depths; single files come as they are", async () => {
  const disc = folderEntry("album", fileEntry("10.mp3"), fileEntry("cover.jpg"), fileEntry("2.MP3"), fileEntry("._2.mp3"),
    folderEntry("bonus", fileEntry("live", "audio/x-odd")));
  const transfer = { items: [item(fileEntry("notes.txt")), item(disc), { kind: "string" }] };
  const { files, nLeftOut } = await dropped(transfer, [".mp3"]);
  assert.deepEqual(files.map(({ name }) => name), ["notes.txt", "2.MP3", "10.mp3", "live"]);
  assert.equal(nLeftOut, 1);
});

test("hidden files are never audio", () => {
  assert.equal(isAudio({ name: "._a.mp3", type: "audio/mpeg" }, [".mp3"]), false);
});
