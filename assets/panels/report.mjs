/** The page on paper: one sheet about the track, its pictures no wider than the sheet, with a line that says what it is. */

import { byId, setText } from "../core/dom.mjs";
import { languageNow, text } from "../core/texts.mjs";

const PAPER_PX = 680; // What A4 and Letter leave between the margins of the style sheet.
const MOST_ZOOM = 1; // A phone's pictures would grow too tall for one sheet.

/** `about()` gives `{ model, heard }`: the model's title, and how much has been heard, in words. */
export function createReport(about) {
  const lanes = byId("lanes");
  addEventListener("beforeprint", () => {
    const { model, heard } = about();
    const day = new Intl.DateTimeFormat(languageNow(), { dateStyle: "long" }).format(new Date());
    setText(byId("report-note"), text("report.note", { heard, model, day, address: location.href }));
    lanes.style.setProperty("--width", `${lanes.offsetWidth}px`);
    lanes.style.setProperty("--zoom", String(Math.min(MOST_ZOOM, PAPER_PX / lanes.offsetWidth)));
  });
}
