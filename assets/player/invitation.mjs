/** The first visit: one large button that says what will happen. Gone for good once something plays or is sought. */

import { byId, el, setText } from "../core/dom.mjs";
import { clock } from "../core/format.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";

export function createInvitation(audio, onPlay, { genres, windowSeconds, hopWords }) {
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
      const genre = genres.find(({ id }) => id === track.genre)?.spoken ?? track.genre ?? text("invite.medley");
      const what = track.kind === "sample" ? text("invite.play_sample", { genre }) : text("invite.play", { title: track.title });
      byId("invite-play").replaceChildren(icon("play"), el("span", {}, what));
      setText(
        byId("invite-words"),
        text("invite.words", { time: clock(seconds), seconds: windowSeconds, hop_words: hopWords }),
      );
      box.hidden = false;
    },
    follow(seconds) {
      if (!over && seconds > 0) end();
    },
  };
}
