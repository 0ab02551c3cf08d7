/** What a window says, in words. */

import { score } from "../core/format.mjs";

const SILENCE_DBFS = -60;
const minus = (text) => text.replaceAll("-", "\u2212");

/** `{ state, top, title, number, words }` of one window; `top` is the genre that leads, null where none does. */
export function verdict(window, genres) {
  const highest = window.p.indexOf(Math.max(...window.p));
  const { label } = genres[highest];
  if (window.state === "silence") {
    const level = Number.isFinite(window.level_dbfs) ? `${Math.round(window.level_dbfs)} dBFS` : "No sound at all";
    const words = minus(`${level}: too quiet to judge (below ${SILENCE_DBFS} dBFS).`);
    return { state: "silence", top: null, title: "Silence", number: "", words };
  }
  const number = score(window.p[highest]);
  if (window.state === "unsure") {
    const words = `No genre stands out; the highest is ${label} at ${number}.`;
    return { state: "unsure", top: null, title: "Unsure", number: "", words };
  }
  return { state: "music", top: genres[highest], title: label, number, words: "Model scores, not certainty." };
}
