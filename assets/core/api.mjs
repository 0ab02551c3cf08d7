/** The service's routes. A failed request throws a `Problem` whose message is for people. */

import { isKnown, languageNow, text, told } from "./texts.mjs";

const BASE = new URL("../../api/", import.meta.url);

export class Problem extends Error {
  constructor(message, status = 0) {
    super(message);
    this.name = "Problem";
    this.status = status;
  }

  /** Whether the same may go well a little later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const url = (path) => new URL(path, BASE).href;
const trackUrl = (id, part) => url(`tracks/${encodeURIComponent(id)}${part ? `/${part}` : ""}`);

/** The sound of a track: the original (`played`), or as the network hears it (`heard`). */
export const audioUrl = (id, form = "played") => trackUrl(id, `audio?as=${form}`);
const scoresUrl = (id, kind, hop, model) => trackUrl(id, `${kind}?hop=${hop}${model ? `&model=${encodeURIComponent(model)}` : ""}`);
export const fileUrl = (id) => trackUrl(id, "file");
export const csvUrl = (id, hop, model) => scoresUrl(id, "scores.csv", hop, model);
export const linesUrl = (id, hop) => scoresUrl(id, "scores", hop);

/** What a problem document (RFC 9457) says, in the page's language: of a kind that has no text there, only its status. */
export function sentenceOf({ type = "", status, detail, title }) {
  const kind = type.split("/").at(-1);
  const fallback = text("problem.status", { status });
  if (!isKnown(`problem.${kind}`)) return languageNow() === "en" ? detail || title || fallback : fallback;
  return told(`problem.${kind}`, detail);
}

/** A problem out of such a document, or the status where there is none. */
export function problemFrom(status, body) {
  try {
    return new Problem(sentenceOf({ status, ...JSON.parse(body) }), status);
  } catch {
    // Not JSON: a proxy's page, perhaps. The status has to do.
  }
  return new Problem(status ? text("problem.status", { status }) : text("problem.offline"), status);
}

/** Fetch, and throw a `Problem` unless the answer is good. An abort stays an `AbortError`. */
export async function request(address, options = {}) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(text("problem.offline"));
  }
  if (!response.ok) throw problemFrom(response.status, await response.text());
  return response;
}

/** Do a part of a load; `complain` of what went wrong unless it is no longer wanted. */
export async function attempt(signal, work, complain) {
  try {
    await work();
  } catch (error) {
    if (signal.aborted || error.name === "AbortError") return;
    complain(error instanceof Problem ? error : new Problem(text("problem.on_page")));
    if (!(error instanceof Problem)) throw error;
  }
}

/** A sign of life. */
export const health = () => request(new URL("../health", BASE).href, { cache: "no-store" });

const json = async (address, signal) => (await request(address, { signal })).json();

/** `{ tracks, isKept }`; kept are those that this browser knows while the server does not answer. */
export const tracks = async (signal) => {
  const response = await request(url("tracks"), { signal });
  return { tracks: (await response.json()).tracks, isKept: response.headers.has("X-Kept") };
};
const peaksUrl = (id, n) => trackUrl(id, `peaks?n=${n}`);
const spectrogramUrl = (id, columns) => trackUrl(id, `spectrogram?columns=${columns}`);
export const peaks = (id, n, signal) => json(peaksUrl(id, n), signal);
export const spectrogram = (id, columns, signal) => json(spectrogramUrl(id, columns), signal);
/** What a browser has to keep of a track to play it again without the server. */
export const keepable = (id, columns, hop) => ({
  list: url("tracks"),
  addresses: [audioUrl(id), scoresUrl(id, "scores", hop), peaksUrl(id, columns), spectrogramUrl(id, columns)],
});
export const scores = (id, hop, signal, model) => request(scoresUrl(id, "scores", hop, model), { signal });
export const explanation = (id, index, hop, genre, signal) =>
  json(trackUrl(id, `explanation?window=${index}&hop=${hop}${genre ? `&genre=${encodeURIComponent(genre)}` : ""}`), signal);
export const words = (id, index, hop, signal) => json(trackUrl(id, `words?window=${index}&hop=${hop}`), signal);
export const strips = (id, n, signal) => json(trackUrl(id, `strips?n=${n}`), signal);
export const embedding = (id, n, signal) => json(trackUrl(id, `embedding?n=${n}`), signal);
export const map = (signal) => json(url("map"), signal);
/** What the network hears in an audio file (a Blob). */
export const classify = async (blob, signal) =>
  (await request(url("classify"), { method: "POST", body: blob, headers: { "Content-Type": blob.type }, signal })).json();
export const rename = async (id, title) => {
  const options = { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title }) };
  return (await request(trackUrl(id), options)).json();
};
export const forget = (id) => request(trackUrl(id), { method: "DELETE", keepalive: true });

/**
 * Send a file. XMLHttpRequest, because fetch does not tell how much has been sent.
 * Gives `{ done: Promise<Track>, cancel() }`.
 */
export function send(file, onProgress) {
  const xhr = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    xhr.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total) onProgress(event.loaded / event.total);
    });
    xhr.addEventListener("load", () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText));
      else reject(problemFrom(xhr.status, xhr.responseText));
    });
    xhr.addEventListener("error", () => reject(new Problem(text("problem.offline"))));
    xhr.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
  });
  const body = new FormData();
  body.append("file", file, file.name);
  xhr.open("POST", url("tracks"));
  xhr.send(body);
  return { done, cancel: () => xhr.abort() };
}
