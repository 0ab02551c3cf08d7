/** The address of this moment, for others: handed to the system's own sheet on a phone, else copied. */

import { byId } from "../core/dom.mjs";
import { clock } from "../core/format.mjs";

const PRIVATE = "Your own tracks are private: only this browser can open their address.";

/** `about()` gives `{ track, seconds }` with the address up to date; `toast` says what came of it. */
export function createShare(about, toast) {
  byId("share").addEventListener("click", async () => {
    byId("exports").open = false;
    const { track, seconds } = about();
    if (!track || track.kind !== "sample") {
      toast(PRIVATE);
      return;
    }
    const what = { title: `${track.title} at ${clock(seconds)}`, url: location.href };
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) await navigator.share(what);
      else {
        await navigator.clipboard.writeText(what.url);
        toast(`The address of ${what.title} is copied.`);
      }
    } catch (error) {
      if (error.name !== "AbortError") toast(`This browser lets nothing be copied by a page. The address: ${what.url}`); // An abort is the hand's own.
    }
  });
}
