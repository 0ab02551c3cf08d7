/** The first visit: one large button that says what will happen. Gone for good once something plays or is sought. */

import { byId, setText } from "./dom.mjs";

export function createInvitation(audio, onPlay) {
  const box = byId("invite");
  let over = false;
  const end = () => {
    over = true;
    box.hidden = true;
  };
  byId("invite-play").addEventListener("click", onPlay);
  audio.addEventListener("play", end);
  return {
    offer(track, about, seconds) {
      if (over) return;
      setText(byId("invite-label"), track.kind === "sample" ? `Play the ${(track.genre ?? "medley").toLowerCase()} sample` : `Play ${track.title}`);
      setText(
        byId("invite-words"),
        `${Math.round(seconds)} seconds of music. After the first 3 the network says, twice a second, what genre it hears.`,
      );
      box.hidden = false;
    },
    follow(seconds) {
      if (!over && seconds > 0) end();
    },
  };
}
