/**
 * The live socket: PCM out, scores in. A lost connection is taken up again by itself, and what was lost meanwhile is told
 * as a gap; so is what a slow network could not take. Order is never changed. The sound of a station comes the other way.
 */

import { sentenceOf } from "../core/api.mjs";
import { text } from "../core/texts.mjs";

const ADDRESS = new URL("../../api/live", import.meta.url);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const FINAL = [1000, 1008, 1009, 1011];
const BYTES_PER_SAMPLE = 2;

/**
 * `hello` is sent first, each time; `on.message(message)`, `on.state(state, sentence)` with `open`, `lost`, `slow`,
 * `over`. For a station besides `on.sound(content)`, and `on.place()`: where its stream is by now, in samples. Gives
 * `{ send(pcm), end(), close() }`.
 */
export function connect(hello, backlogSeconds, on, Socket = WebSocket) {
  const address = new URL(ADDRESS);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const mostWaiting = backlogSeconds * hello.sample_rate * BYTES_PER_SAMPLE;
  let socket = null;
  let session = "";
  let isOpen = false;
  let isEnding = false;
  let isOver = false;
  let isSlow = false;
  let heard = 0; // Samples that came from the device.
  let sent = 0; // Place of the next sample that the server expects.
  let tries = 0;
  let timer = 0;
  let reason = "";

  const open = () => {
    isOpen = false;
    socket = new Socket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      sent = heard;
      socket.send(JSON.stringify({ type: "hello", ...hello, resume: session, at: on.place ? on.place() : heard }));
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? take(JSON.parse(data)) : on.sound(data));
    socket.onclose = ({ code }) => closed(code);
  };
  const take = (message) => {
    if (message.type === "header") {
      session = message.session;
      isOpen = true;
      tries = 0;
      on.message(message);
      on.state("open", "");
      if (isEnding) socket.send('{"type":"end"}');
      return;
    }
    if (message.type === "error") reason = sentenceOf(message.problem);
    on.message(message);
  };
  const closed = (code) => {
    isOpen = false;
    if (isOver) return;
    if (FINAL.includes(code) || (isEnding && tries > 2)) {
      isOver = true;
      on.state("over", code === 1000 ? "" : reason || text("live.broke_off"));
      return;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    tries += 1;
    on.state("lost", reason || text(session ? "live.lost" : "live.unreachable"));
    reason = "";
    timer = setTimeout(open, pause);
  };

  open();
  return {
    send(pcm) {
      const place = heard;
      heard += pcm.length;
      if (!isOpen) return;
      const isFull = socket.bufferedAmount > (isSlow ? mostWaiting / 2 : mostWaiting);
      if (isFull !== isSlow) {
        isSlow = isFull;
        on.state(isSlow ? "slow" : "open", isSlow ? text("live.slow") : "");
      }
      if (isSlow) return;
      if (place > sent) socket.send(JSON.stringify({ type: "gap", samples: place - sent }));
      socket.send(pcm);
      sent = heard;
    },
    /** That was all; the rest of the scores and the summary come, then it is over. */
    end() {
      isEnding = true;
      if (isOpen) socket.send('{"type":"end"}');
    },
    /** Leave at once. */
    close() {
      isOver = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
