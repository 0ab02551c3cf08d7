/** Lines of JSON out of a response that is still arriving (NDJSON). */

import { Problem } from "./api.mjs";

const CUT = "The scores broke off before the end.";

/** Yield one message a line; ends at `{"type":"end"}`, throws at `{"type":"error"}` and where the stream is cut. */
export async function* messages(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let ended = false;
  let done = false;
  try {
    for (;;) {
      let step;
      try {
        step = await reader.read();
      } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Problem(CUT);
      }
      if (step.done) {
        done = true;
        if (ended) return;
        throw new Problem(CUT);
      }
      const lines = (rest + step.value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line) continue;
        const message = JSON.parse(line);
        if (message.type === "end") ended = true;
        if (message.type === "error") throw new Problem(message.problem?.detail || CUT, message.problem?.status);
        if (!ended) yield message;
      }
    }
  } finally {
    if (!done) reader.cancel().catch(() => {});
  }
}
