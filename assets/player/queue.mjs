/**
 * Files that are sent in turn, a few at once. Each has a state of its own: `waiting`, `checking`, `sending`, `busy` (the
 * service asks to wait), `reading` (sent, and decoded now) or `failed`, which stays until it is dismissed. What concerns
 * all of them, as a server that does not answer, pauses the queue and is said once.
 */

import { pauseAfter } from "../core/connection.mjs";
import { text } from "../core/texts.mjs";

const MOST_TRIES = 5;
const BUSY = [429, 503];
const FOR_ALL = [0, 409, 507]; // No server, no room for this visitor, no room for anyone.

/**
 * `check(file)` gives why a file would be refused, or null; `send(file, onProgress)` gives `{ done, cancel }`. `onReady(track,
 * entry)` is called for each that the service took, `onChange()` after every change. `pause(ms)` waits.
 */
export function createQueue({ atOnce, check, send, onReady, onChange, pause }) {
  const entries = [];
  let nBusy = 0;
  let nReady = 0;
  let pausedBy = null;

  const change = (entry, state, more = {}) => {
    Object.assign(entry, { state, ...more });
    onChange();
  };
  const drop = (entry) => {
    const place = entries.indexOf(entry);
    if (place >= 0) entries.splice(place, 1);
  };
  const isGone = (entry) => !entries.includes(entry);

  const sendOnce = (entry) => {
    change(entry, "sending", { fraction: 0 });
    const sending = send(entry.file, (fraction) => change(entry, fraction < 1 ? "sending" : "reading", { fraction }));
    entry.cancel = sending.cancel;
    return sending.done;
  };
  const sendPatiently = async (entry) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await sendOnce(entry);
      } catch (error) {
        if (!BUSY.includes(error.status) || tries + 1 >= MOST_TRIES) throw error;
        change(entry, "busy");
        await pause(pauseAfter(tries));
        if (isGone(entry)) throw new DOMException("Cancelled", "AbortError");
      }
    }
  };
  const fail = (entry, error) => {
    const concernsAll = FOR_ALL.includes(error.status) && entries.some((other) => other !== entry && other.state === "waiting");
    if (concernsAll) {
      pausedBy = error.message;
      change(entry, "waiting");
    } else change(entry, "failed", { message: error.message, isTemporary: error.isTemporary ?? false });
  };
  const work = async (entry) => {
    change(entry, "checking");
    const reason = await check(entry.file);
    if (isGone(entry)) return;
    if (reason) {
      fail(entry, { message: reason });
      return;
    }
    try {
      const track = await sendPatiently(entry);
      if (isGone(entry)) return;
      drop(entry);
      nReady += 1;
      onReady(track, entry);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.name !== "Problem") {
        fail(entry, { message: text("upload.failed", { name: entry.file.name }) });
        throw error;
      }
      if (!isGone(entry)) fail(entry, error);
    }
  };
  const next = () => {
    while (nBusy < atOnce && !pausedBy) {
      const entry = entries.find(({ state }) => state === "waiting");
      if (!entry) break;
      nBusy += 1;
      work(entry).finally(() => {
        nBusy -= 1;
        next();
      });
    }
    onChange();
  };

  return {
    /** Those that are not ready, in order. */
    entries,
    /** How many have become ready since all was over the last time. */
    get nReady() {
      return nReady;
    },
    /** Why nothing goes on, or null. */
    get pausedBy() {
      return pausedBy;
    },
    /** Whether something is still to come. */
    get isWorking() {
      return entries.some(({ state }) => state !== "failed");
    },
    /** `at` is where the hand was, for what is to be said of them. */
    add(files, at) {
      if (!this.isWorking) nReady = 0;
      const batch = { size: files.length, at, hasFirst: false };
      entries.push(...files.map((file) => ({ file, batch, state: "waiting", fraction: 0 })));
      next();
    },
    /** Take one out, whatever its state. */
    remove(entry) {
      drop(entry);
      entry.cancel?.();
      if (!entries.length) pausedBy = null;
      next();
    },
    /** Take all out; once nothing is to come, those are the failed ones. */
    clear() {
      for (const entry of entries.splice(0)) entry.cancel?.();
      pausedBy = null;
      onChange();
    },
    retry(entry) {
      entry.state = "waiting";
      next();
    },
    goOn() {
      pausedBy = null;
      next();
    },
  };
}
