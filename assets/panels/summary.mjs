/** THE TRACK: its posterior so far and whole, of one model or two, as a table sorted by any of its columns. */

import { byId, el, setText } from "../core/dom.mjs";
import { score } from "../core/format.mjs";

const NONE = "\u2013";

// `of`: 0 the page's own model, 1 the other.
const ALONE = [
  { of: 0, part: "soFar", label: "So far" },
  { of: 0, part: "whole", label: "Whole" },
];
const BESIDE = ALONE.flatMap((column) => [column, { ...column, of: 1 }]);
const same = (one, other) => one.of === other.of && one.part === other.part;
const keyOf = (of) => el("span", { class: `key ${of ? "other" : "first"}-key`, "aria-hidden": "true" });

export function createSummary({ genres, title }) {
  const words = [byId("overall-words"), byId("other-overall-words")];
  const mount = byId("overall-table");
  let columns = [];
  let heads = [];
  let rows = [];
  let titles = [title];
  let sortBy = ALONE[0];
  let shown = [{ soFar: null, whole: null }];

  const headOf = (column) => {
    const two = titles.length > 1;
    const button = el(
      "button",
      { type: "button", "aria-label": two ? `${column.label}, ${titles[column.of]}` : null, onclick: () => sort(column) },
      two ? keyOf(column.of) : null,
      column.label,
    );
    return el("th", { scope: "col", class: "number" }, button);
  };

  const rowOf = () => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const name = el("span");
    const bar = titles.length > 1 ? null : el("span", { class: "mini-bar" }); // Two models' numbers take its room.
    const cells = columns.map(() => el("td", { class: "number" }));
    const row = el(
      "tr",
      {},
      el("th", { scope: "row" }, swatch, name),
      bar && el("td", { class: "mini-cell", "aria-hidden": "true" }, el("span", { class: "mini-track" }, bar)),
      ...cells,
    );
    return { row, swatch, name, bar, cells };
  };

  /** Make the table anew, for one model or two. */
  const build = (nextTitles) => {
    titles = nextTitles;
    columns = titles.length > 1 ? BESIDE : ALONE;
    if (!columns.some((column) => same(column, sortBy))) sortBy = ALONE[0];
    heads = columns.map(headOf);
    rows = genres.map(rowOf);
    mount.replaceChildren(
      el(
        "table",
        { class: "table" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col", colspan: titles.length > 1 ? 1 : 2 }, "Genre"), ...heads)),
        el("tbody", {}, ...rows.map(({ row }) => row)),
      ),
    );
    markSorted();
  };

  const markSorted = () =>
    columns.forEach((column, place) => {
      const isSorted = same(column, sortBy);
      heads[place].toggleAttribute("data-sorted", isSorted);
      if (isSorted) heads[place].setAttribute("aria-sort", "descending");
      else heads[place].removeAttribute("aria-sort");
    });

  const draw = () => {
    const { of, part } = sortBy;
    const key = shown[of]?.[part] ?? shown[of]?.soFar ?? shown[of]?.whole;
    const order = genres.map((_, index) => index);
    if (key) order.sort((a, b) => key.p[b] - key.p[a] || a - b);
    order.forEach((genre, place) => {
      const { swatch, name, bar, cells } = rows[place];
      const { label, colour } = genres[genre];
      swatch.style.backgroundColor = colour;
      setText(name, label);
      if (bar) {
        bar.style.backgroundColor = colour;
        bar.style.transform = `scaleX(${key ? key.p[genre] : 0})`;
      }
      columns.forEach((column, cell) => {
        const value = shown[column.of]?.[column.part];
        setText(cells[cell], value ? score(value.p[genre]) : NONE);
      });
    });
  };

  const sort = (column) => {
    sortBy = column;
    markSorted();
    draw();
  };

  const verdict = (summary) => {
    if (!summary) return NONE;
    if (summary.state !== "music") return summary.state;
    const index = genres.findIndex(({ id }) => id === summary.genre);
    return `${genres[index].label} ${score(summary.p[index])}`;
  };
  const sentence = ({ soFar, whole }) =>
    soFar || whole ? `So far ${verdict(soFar)}, whole track ${verdict(whole)}` : "\u00a0";
  const heard = (summary) => (summary && summary.state !== "silence" ? summary : null);

  build(titles);
  draw();
  return {
    /** For each model `{ soFar, whole }`, each `{ state, p }` or null where not known yet; a silent one has no scores. */
    show(models, otherTitle) {
      if (models.length !== titles.length || (otherTitle && otherTitle !== titles[1])) {
        build(otherTitle ? [title, otherTitle] : [title]);
      }
      shown = models.map(({ soFar, whole }) => ({ soFar: heard(soFar), whole: heard(whole) }));
      models.forEach((model, place) => {
        const said = sentence(model);
        if (models.length > 1) words[place].replaceChildren(keyOf(place), said);
        else setText(words[place], said);
      });
      draw();
    },
  };
}
