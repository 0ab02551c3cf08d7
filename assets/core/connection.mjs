/**
 * One notice for one cause: whatever the server failed to give for now waits here, and is asked for again together, soon
 * at first and then ever later. When it is back, the notice goes by itself.
 */

import { byId, el } from "./dom.mjs";
import { text } from "./texts.mjs";

const FIRST_MS = 1000;
const LONGEST_MS = 15_000;

/** The pause after so many tries in vain. */
export const pauseAfter = (tries) => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);

/** `probe()` asks the server for nothing but a sign of life. Gives `{ lost(part, problem, retry), found(part) }`. */
export function createConnection(probe) {
  const box = byId("connection");
  const waiting = new Map();
  let tries = 0;
  let timer = 0;

  const hide = () => {
    box.hidden = true;
    box.replaceChildren();
  };
  const again = async () => {
    clearTimeout(timer);
    timer = 0;
    try {
      await probe();
    } catch {
      later(); // Still no sign; any other fault shows in what is asked for then.
      return;
    }
    const retries = [...waiting.values()];
    waiting.clear();
    await Promise.all(retries.map((retry) => retry()));
    if (waiting.size) return;
    tries = 0;
    hide();
  };
  const later = () => {
    if (!timer) timer = setTimeout(again, pauseAfter(tries));
    tries += 1;
  };
  const show = ({ message }) => {
    if (!box.hidden) return; // The first to fail has said it.
    box.replaceChildren(
      el("span", {}, text("notice.trying", { problem: message })),
      el("button", { type: "button", class: "text-button", onclick: again }, text("notice.try_now")),
    );
    box.hidden = false;
  };
  addEventListener("online", () => waiting.size && again());

  return {
    /** `retry()` gives a promise, and calls `lost` again if it fails again. */
    lost(part, problem, retry) {
      waiting.set(part, retry);
      show(problem);
      later();
    },
    /** This part is there, or no longer wanted. */
    found(part) {
      waiting.delete(part);
      if (waiting.size) return;
      clearTimeout(timer);
      timer = 0;
      tries = 0;
      hide();
    },
  };
}
