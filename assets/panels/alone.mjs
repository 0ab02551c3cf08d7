/** One genre alone: chosen in the legend; while reasons are shown, in the bars, the table and the timeline too. */

import { byId } from "../core/dom.mjs";
import { genreAt } from "../pictures/shape.mjs";
import { plotArea } from "../player/scrub.mjs";
import { createLegend } from "./legend.mjs";

/** `why` shows reasons; `look({ alone })` shows a genre alone; `windowAt(share)` is the window last heard there. */
export function askByHand({ genres }, { why, look, windowAt }) {
  const legend = createLegend((alone) => {
    look({ alone });
    why.ask(alone);
  });
  for (const id of ["bars", "overall-table"]) {
    byId(id).addEventListener("click", (event) => {
      const row = event.target.closest("[data-genre]");
      if (row && why.isOn) legend.toggle(row.dataset.genre);
    });
  }
  byId("lanes").addEventListener("click", ({ clientX, clientY }) => {
    if (!why.isOn || legend.alone !== null) return; // One genre alone: its area says nothing of others.
    const { left, width } = plotArea(byId("lanes"));
    const { top, height } = byId("timeline-future").parentElement.getBoundingClientRect();
    const genre = genreAt(windowAt((clientX - left) / width), 1 - (clientY - top) / height);
    if (genre >= 0) legend.toggle(genres[genre].id);
  });
}
