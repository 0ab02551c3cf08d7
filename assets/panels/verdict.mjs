/** What a window says, in words. */

import { score } from "../core/format.mjs";

const minus = (text) => text.replaceAll("-", "\u2212");

/** `{ state, top, title, number, words }` of one window; `top` is the genre that leads, null where none does. */
export function verdict(window, { genres, silenceDbfs }) {
  if (window.isGap) {
    return { state: "silence", top: null, title: "Nothing heard", number: "", words: "The connection was lost here." };
  }
  if (window.state === "silence") {
    const level = Number.isFinite(window.level_dbfs) ? `${Math.round(window.level_dbfs)} dBFS` : "No sound at all";
    const words = minus(`${level}: too quiet to judge (below ${silenceDbfs} dBFS).`);
    return { state: "silence", top: null, title: "Silence", number: "", words };
  }
  if (window.state === "unsure") {
    const words = "No genre stands out; the bars show which way it leans.";
    return { state: "unsure", top: null, title: "Unsure", number: "", words };
  }
  const index = genres.findIndex(({ id }) => id === window.genre);
  const { label } = genres[index];
  return {
    state: "music",
    top: genres[index],
    title: label,
    number: score(window.p[index]),
    words: "Model scores, not certainty.",
  };
}
