/** The page works without its server as far as it was loaded: `worker.js` keeps that; this side tells it what was played. */

import * as api from "../core/api.mjs";
import { text } from "../core/texts.mjs";

const PART = "list";
const LEFT_SECONDS = 0.5;

/** Whether a sound that was played needs nothing more of the server for now: keeping it would else hold it up. */
const leavesTheLink = ({ played, paused, buffered, duration }) =>
  played.length > 0 && buffered.length > 0 && (paused || buffered.end(buffered.length - 1) >= duration - LEFT_SECONDS);

/** `shown()` gives a promise that the page stands: nothing is kept before. Gives `{ keep(track, audio), wait(connection, onList) }`. */
export function createOffline({ worker, pictureColumns, hopSeconds }, shown) {
  const { serviceWorker } = navigator; // Not there where the page is not trusted: plain HTTP from another machine.
  const asked = new Set();

  const begin = async () => {
    await shown();
    try {
      await serviceWorker.register(worker);
    } catch {
      return; // Switched off, or no room: the page does without.
    }
    serviceWorker.addEventListener("message", ({ data }) => {
      if (data.kept) document.getElementById("page").dataset.kept = String(asked.size);
    });
    serviceWorker.startMessages();
  };
  if (serviceWorker) queueMicrotask(begin);

  return {
    /** A sample was played: it can be played again without the server, once it is kept. */
    async keep(track, audio) {
      if (!serviceWorker || track?.kind !== "sample" || asked.has(track.id) || !leavesTheLink(audio)) return;
      asked.add(track.id);
      const { active } = await serviceWorker.ready;
      active.postMessage(api.keepable(track.id, pictureColumns, hopSeconds));
    },
    /** The page came from what is kept: say so, until the server is back and gives the list of all tracks. */
    wait(connection, onList) {
      const again = async () => {
        const { tracks, isKept } = await api.tracks().catch(() => ({ isKept: true }));
        if (isKept) lost();
        else onList(tracks);
      };
      const lost = () => connection.lost(PART, new api.Problem(text("problem.offline_kept")), again);
      lost();
    },
  };
}
