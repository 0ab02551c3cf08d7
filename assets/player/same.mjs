/** What is said of a file whose bytes were here already. */

import { text } from "../core/texts.mjs";

/** `name` is the file's, `known` the track as it was, `track` as it is now. */
export function sameSound(name, known, track) {
  if (known.kind === "sample") return text("notice.same_sample", { name, title: known.title });
  if (known.title === track.title) return text("notice.here_already", { title: track.title });
  return text("notice.renamed", { before: known.title, title: track.title });
}
