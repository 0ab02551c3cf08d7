/** What a window says, in words. */

import { number, score } from "../core/format.mjs";
import { text } from "../core/texts.mjs";

/** `{ state, top, title, number, words }` of one window; `top` is the genre that leads, null where none does. */
export function verdict(window, { genres, silenceDbfs }) {
  if (window.isGap) {
    return { state: "silence", top: null, title: text("moment.nothing_heard"), number: "", words: text("moment.connection_lost") };
  }
  if (window.state === "silence") {
    const silence = number(silenceDbfs);
    const words = Number.isFinite(window.level_dbfs)
      ? text("moment.too_quiet", { level: number(window.level_dbfs), silence })
      : text("moment.no_sound", { silence });
    return { state: "silence", top: null, title: text("moment.silence"), number: "", words };
  }
  if (window.state === "unsure") {
    const words = text("moment.unsure_words");
    return { state: "unsure", top: null, title: text("moment.unsure"), number: "", words };
  }
  const index = genres.findIndex(({ id }) => id === window.genre);
  const { label } = genres[index];
  return {
    state: "music",
    top: genres[index],
    title: label,
    number: score(window.p[index]),
    words: text("moment.scores"),
  };
}
