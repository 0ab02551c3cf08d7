/** The first visit: one large button that says what will happen. Gone for good once something plays or is sought. */

import { byId, el, setText } from "../core/dom.mjs";
import { clock } from "../core/format.mjs";
import { icon } from "../core/icons.mjs";

export function createInvitation(audio, onPlay, { windowSeconds, hopWords }) {
  const box = byId("invite");
  let over = false;
  const end = () => {
    over = true;
    box.hidden = true;
  };
  byId("invite-play").addEventListener("click", onPlay);
  audio.addEventListener("play", end);
  return {
    offer(track, seconds) {
      if (over) return;
      const what = track.kind === "sample" ? `the ${track.genre ?? "medley"} sample` : track.title;
      byId("invite-play").replaceChildren(icon("play"), el("span", {}, `Play ${what}`));
      setText(
        byId("invite-words"),
        `${clock(seconds)} of music. After the first ${windowSeconds} seconds the network says, ${hopWords}, what genre it hears.`,
      );
      box.hidden = false;
    },
    follow(seconds) {
      if (!over && seconds > 0) end();
    },
  };
}
