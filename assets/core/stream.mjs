/** Lines of JSON out of a response that is still arriving (NDJSON). */

import { Problem, sentenceOf } from "./api.mjs";
import { text } from "./texts.mjs";

const failure = (problem) => new Problem(problem ? sentenceOf(problem) : text("problem.cut"), problem?.status);

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
        throw new Problem(text("problem.cut"));
      }
      if (step.done) {
        done = true;
        if (ended) return;
        throw new Problem(text("problem.cut"));
      }
      const lines = (rest + step.value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line) continue;
        const message = JSON.parse(line);
        if (message.type === "end") ended = true;
        if (message.type === "error") throw failure(message.problem);
        if (!ended) yield message;
      }
    }
  } finally {
    if (!done) reader.cancel().catch(() => {});
  }
}
