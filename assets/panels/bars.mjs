/** One model's bars, a row a genre in fixed order: a bar that glides and the value beside it. */

import { byId, setText } from "../core/dom.mjs";
import { score } from "../core/format.mjs";

const NONE = "\u2013";

/** `part`: which bar of each row, `:not(.of-second)` or `.of-second`. Gives `draw(p)`; null puts the bars at rest. */
export function createBars(part) {
  const rows = [...byId("bars").children].map((row) => ({
    bar: row.querySelector(`.bar-track${part} > .bar`),
    value: row.querySelector(`.bar-value${part}`),
  }));
  return (p) =>
    rows.forEach(({ bar, value }, index) => {
      bar.style.transform = `scaleX(${p ? p[index] : 0})`;
      setText(value, p ? score(p[index]) : NONE);
    });
}
