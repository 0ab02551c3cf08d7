/** Tells a screen reader when the leading genre changes: once it has stayed for a while, not twice a second. */

import { byId, setText } from "./dom.mjs";

const STEADY_MS = 1500;

export function createAnnouncer() {
  const region = byId("announcer");
  let waiting = "";
  let timer = 0;
  return (sentence) => {
    if (sentence === waiting) return;
    waiting = sentence;
    clearTimeout(timer);
    timer = setTimeout(() => setText(region, sentence), STEADY_MS);
  };
}
