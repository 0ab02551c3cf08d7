/** The address of this moment, for others: handed to the system's own sheet on a phone, else copied. */

import { byId } from "../core/dom.mjs";
import { clock } from "../core/format.mjs";
import { text } from "../core/texts.mjs";

/** `about()` gives `{ track, seconds }` with the address up to date; `toast` says what came of it. */
export function createShare(about, toast) {
  byId("share").addEventListener("click", async () => {
    byId("exports").open = false;
    const { track, seconds } = about();
    if (!track || track.kind !== "sample") {
      toast(text("share.private"));
      return;
    }
    const what = { title: text("share.what", { title: track.title, time: clock(seconds) }), url: location.href };
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) await navigator.share(what);
      else {
        await navigator.clipboard.writeText(what.url);
        toast(text("share.copied", { what: what.title }));
      }
    } catch (error) {
      if (error.name !== "AbortError") toast(text("share.not_copied", { address: what.url })); // An abort is the hand's own.
    }
  });
}
