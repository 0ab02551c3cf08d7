/** THE TRACK: its posterior so far and whole, as a table sorted by either. */

import { byId, el, setText } from "./dom.mjs";
import { score } from "./format.mjs";

const NONE = "\u2013";

export function createSummary({ genres }) {
  const words = byId("overall-words");
  let sortBy = "soFar";
  let shown = { soFar: null, whole: null };

  const cells = genres.map(() => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const name = el("span");
    const bar = el("span", { class: "mini-bar" });
    const soFar = el("td", { class: "number" });
    const whole = el("td", { class: "number" });
    const row = el(
      "tr",
      {},
      el("th", { scope: "row" }, swatch, name),
      el("td", { class: "mini-cell", "aria-hidden": "true" }, el("span", { class: "mini-track" }, bar)),
      soFar,
      whole,
    );
    return { row, swatch, name, bar, soFar, whole };
  });

  const heads = new Map();
  const sortable = (key, label) => {
    const button = el("button", { type: "button", onclick: () => choose(key) }, label);
    const head = el("th", { scope: "col", class: "number" }, button);
    heads.set(key, head);
    return head;
  };
  const table = el(
    "table",
    { class: "table" },
    el(
      "thead",
      {},
      el("tr", {}, el("th", { scope: "col", colspan: 2 }, "Genre"), sortable("soFar", "So far"), sortable("whole", "Whole")),
    ),
    el("tbody", {}, ...cells.map(({ row }) => row)),
  );
  byId("overall-table").append(table);

  const draw = () => {
    const { soFar, whole } = shown;
    const key = shown[sortBy] ?? soFar ?? whole;
    const order = genres.map((_, index) => index);
    if (key) order.sort((a, b) => key.p[b] - key.p[a] || a - b);
    order.forEach((genre, place) => {
      const cell = cells[place];
      cell.swatch.style.backgroundColor = genres[genre].colour;
      cell.bar.style.backgroundColor = genres[genre].colour;
      cell.bar.style.transform = `scaleX(${key ? key.p[genre] : 0})`;
      setText(cell.name, genres[genre].label);
      setText(cell.soFar, soFar ? score(soFar.p[genre]) : NONE);
      setText(cell.whole, whole ? score(whole.p[genre]) : NONE);
    });
  };

  const choose = (key) => {
    sortBy = key;
    for (const [name, head] of heads) {
      head.toggleAttribute("data-sorted", name === key);
      if (name === key) head.setAttribute("aria-sort", "descending");
      else head.removeAttribute("aria-sort");
    }
    draw();
  };

  const verdict = (summary) => {
    if (summary.state === "silence") return "silence";
    if (summary.state === "unsure") return "unsure";
    const top = summary.p.indexOf(Math.max(...summary.p));
    return `${genres[top].label} ${score(summary.p[top])}`;
  };

  choose("soFar");
  return {
    /** `soFar` and `whole`: `{ state, p }`, or null where not known yet; a silent one has no scores to show. */
    show(soFar, whole) {
      const heard = (summary) => (summary && summary.state !== "silence" ? summary : null);
      shown = { soFar: heard(soFar), whole: heard(whole) };
      const parts = [`so far ${soFar ? verdict(soFar) : NONE}`, `whole track ${whole ? verdict(whole) : NONE}`];
      setText(words, soFar || whole ? `${parts[0]}, ${parts[1]}`.replace(/^s/, "S") : "\u00a0");
      draw();
    },
  };
}
