/** What is said of a file whose bytes were here already. */

const quoted = (title) => `\u201c${title}\u201d`;

/** `name` is the file's, `known` the track as it was, `track` as it is now. */
export function sameSound(name, known, track) {
  if (known.kind === "sample") return `${quoted(name)} is the same sound as the sample ${quoted(known.title)}.`;
  if (known.title === track.title) return `${quoted(track.title)} was here already.`;
  return `${quoted(known.title)} was here already; it is called ${quoted(track.title)} now.`;
}
