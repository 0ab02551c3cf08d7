/** One model's bars, a row a genre in fixed order: a bar that glides and the value beside it. */

import { byId, setBar, setText } from "../core/dom.mjs";
import { score } from "../core/format.mjs";

const NONE = "\u2013";

/** `which`: whose bars, `first` or `other`. */
export function createBars(which) {
  const list = byId("bars");
  const leads = `${which}-leads`;
  const rows = [...list.children].map((row) => ({
    row,
    bar: row.querySelector(`.bar-track.of-${which} > .bar`),
    value: row.querySelector(`.bar-value.of-${which}`),
  }));
  return {
    /** Bars of what is unsure or silent are pale; the style sheet knows the states. */
    setState(state) {
      list.dataset[which] = state;
    },
    /** Null puts the bars at rest; `leader` is the id of the genre that leads, if one does. */
    draw(p, leader) {
      rows.forEach(({ row, bar, value }, index) => {
        setBar(bar, p ? p[index] : 0);
        setText(value, p ? score(p[index]) : NONE);
        row.classList.toggle(leads, row.dataset.genre === leader);
      });
    },
  };
}
