/** What to do when the sound itself does not come: ask again together with everything else, and go on where it was. */

import { Problem, request } from "../core/api.mjs";
import { text } from "../core/texts.mjs";

const PART = "sound";
const LATE_MS = 1500; // A browser waits long in silence for a server that is gone.

/** `onGone()`: the server knows the sound no longer. */
export function watchSound(audio, { clock, connection, onGone }) {
  let late = 0;
  const arrived = () => {
    clearTimeout(late);
    late = 0;
  };
  /** Whether the server still has this sound; else what is wrong is dealt with. */
  const isThere = async (address) => {
    try {
      await request(address, { method: "HEAD" });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (audio.src !== address) return false;
      if (error.isTemporary) connection.lost(PART, error, again);
      else onGone();
      return false;
    }
    return audio.src === address;
  };
  const awaited = () => {
    arrived();
    const address = audio.src;
    late = setTimeout(async () => {
      if ((await isThere(address)) && late) awaited();
    }, LATE_MS);
  };
  const again = async () => {
    arrived();
    if (!(await isThere(audio.src))) return;
    const wasPlaying = !audio.paused;
    const at = clock.now();
    audio.load();
    clock.seek(at);
    if (wasPlaying) audio.play().catch(() => {}); // Without a gesture a browser may refuse; the button shows it.
  };
  audio.addEventListener("error", () => {
    if (audio.getAttribute("src")) connection.lost(PART, new Problem(text("problem.sound")), again);
  });
  for (const name of ["waiting", "seeking"]) audio.addEventListener(name, awaited);
  for (const name of ["playing", "seeked", "canplay", "emptied", "error"]) audio.addEventListener(name, arrived);
  for (const name of ["loadedmetadata", "emptied"]) audio.addEventListener(name, () => connection.found(PART));
}

/** The sound is large: it is asked for once a hand comes near it, or a key is pressed. */
export function fetchSoundFor(audio, places) {
  const fetchSound = () => {
    audio.preload = "auto";
  };
  for (const near of places) near.addEventListener("pointerover", fetchSound, { once: true });
  document.addEventListener("keydown", fetchSound, { once: true });
}
