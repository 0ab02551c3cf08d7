/** What to do when the sound itself does not come: ask again together with everything else, and go on where it was. */

import { Problem, request } from "../core/api.mjs";

const PART = "sound";

/** `onGone()`: the server knows the sound no longer. */
export function watchSound(audio, { clock, connection, onGone }) {
  const again = async () => {
    const address = audio.src;
    try {
      await request(address, { method: "HEAD" });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (audio.src !== address) return;
      if (error.isTemporary) connection.lost(PART, error, again);
      else onGone();
      return;
    }
    if (audio.src !== address) return;
    const wasPlaying = !audio.paused;
    const at = clock.now();
    audio.load();
    clock.seek(at);
    if (wasPlaying) audio.play().catch(() => {}); // Without a gesture a browser may refuse; the button shows it.
  };
  audio.addEventListener("error", () => {
    if (audio.getAttribute("src")) connection.lost(PART, new Problem("The sound does not arrive."), again);
  });
  for (const name of ["loadedmetadata", "emptied"]) audio.addEventListener(name, () => connection.found(PART));
}
