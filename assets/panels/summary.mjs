/**
 * THE TRACK: how much of the time each genre was heard (a table, so far and whole), the verdict on it as one piece, and
 * the stretches that it is divided into. Of one model or two. The whole is shown only once it is revealed or heard.
 */

import { byId, el, setBar, setText } from "../core/dom.mjs";
import { clock, percent, score } from "../core/format.mjs";
import { sentenceCase, text } from "../core/texts.mjs";

const NONE = "\u2013";
const BLANK = "\u00a0";

// `of`: 0 the page's own model, 1 the other.
const ALONE = [
  { of: 0, part: "soFar", key: "summary.so_far" },
  { of: 0, part: "whole", key: "summary.whole" },
];
const BESIDE = ALONE.flatMap((column) => [column, { ...column, of: 1 }]);
const same = (one, other) => one.of === other.of && one.part === other.part;
const keyOf = (of) => el("span", { class: `key ${of ? "other" : "first"}-key`, "aria-hidden": "true" });
const swatchOf = (colour) => {
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.backgroundColor = colour;
  return swatch;
};

/** `onSeek(seconds)`: a stretch was pressed. */
export function createSummary({ genres, title }, onSeek) {
  const words = [byId("overall-words"), byId("other-overall-words")];
  const mount = byId("overall-table");
  const list = byId("segments");
  const byGenre = new Map(genres.map((genre) => [genre.id, genre]));
  let columns = [];
  let heads = [];
  let rows = [];
  let titles = [title];
  let sortBy = ALONE[0];
  let shown = [{ soFar: null, whole: null }];
  let listed = null;

  const headOf = (column) => {
    const two = titles.length > 1;
    const label = text(column.key);
    const button = el(
      "button",
      { type: "button", "aria-label": two ? text("summary.column", { part: label, model: titles[column.of] }) : null, onclick: () => sort(column) },
      two ? keyOf(column.of) : null,
      label,
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
        el("caption", { class: "table-caption" }, text("summary.share")),
        el("thead", {}, el("tr", {}, el("th", { scope: "col", colspan: titles.length > 1 ? 1 : 2 }, text("common.genre")), ...heads)),
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

  const shareOf = ({ of, part }) => {
    const summary = shown[of]?.[part];
    return summary && summary.state !== "silence" ? summary.share : null;
  };
  const draw = () => {
    const key = shareOf(sortBy) ?? shareOf({ of: sortBy.of, part: "soFar" }) ?? shareOf({ of: sortBy.of, part: "whole" });
    mount.toggleAttribute("data-ranked", Boolean(key));
    const order = genres.map((_, index) => index);
    if (key) order.sort((a, b) => key[b] - key[a] || a - b);
    const shares = columns.map(shareOf);
    order.forEach((genre, place) => {
      const { row, swatch, name, bar, cells } = rows[place];
      const { id, label, colour } = genres[genre];
      row.dataset.genre = id;
      swatch.style.backgroundColor = colour;
      setText(name, label);
      if (bar) {
        bar.style.backgroundColor = colour;
        setBar(bar, key ? key[genre] : 0);
      }
      shares.forEach((share, cell) => setText(cells[cell], share ? percent(share[genre]) : NONE));
    });
  };

  const sort = (column) => {
    sortBy = column;
    markSorted();
    draw();
  };

  const verdict = (summary) => {
    if (summary.state !== "music") return text(`state.${summary.state}`);
    const index = genres.findIndex(({ id }) => id === summary.genre);
    return text("summary.verdict", { genre: genres[index].label, score: score(summary.p[index]) });
  };
  const isMixed = ({ segments }) => new Set(segments.map(({ genre }) => genre)).size > 1;
  const sentence = ({ soFar, whole }) => {
    if (!whole) return soFar ? text("summary.said_so_far", { verdict: verdict(soFar) }) : BLANK;
    if (!soFar) return text(isMixed(whole) ? "summary.said_mixed" : "summary.said_whole", { verdict: verdict(whole) });
    return text(isMixed(whole) ? "summary.said_both_mixed" : "summary.said_both", { so_far: verdict(soFar), whole: verdict(whole) });
  };

  const drawSegments = (whole, rate) => {
    if (whole === listed) return;
    listed = whole;
    const items = whole?.segments.map(({ start, end, genre, state }) => {
      const { label, colour } = byGenre.get(genre) ?? { label: sentenceCase(text(`state.${state}`)), colour: "transparent" };
      const times = `${clock(start / rate)} \u2013 ${clock(end / rate)}`;
      const press = { type: "button", class: "segment", onclick: () => onSeek(start / rate) };
      return el("li", {}, el("button", press, swatchOf(colour), el("span", { class: "segment-name" }, label), el("span", { class: "time" }, times)));
    });
    list.replaceChildren(...(items ?? [el("li", { class: "words" }, text("summary.later"))]));
  };

  build(titles);
  draw();
  drawSegments(undefined, 1);
  return {
    /** For each model `{ soFar, whole }`, the server's words or null where not known or not to be shown yet. */
    show(models, otherTitle, rate) {
      if (models.length !== titles.length || (otherTitle && otherTitle !== titles[1])) {
        build(otherTitle ? [title, otherTitle] : [title]);
      }
      shown = models;
      models.forEach((model, place) => {
        const said = sentence(model);
        if (models.length > 1) words[place].replaceChildren(keyOf(place), said);
        else setText(words[place], said);
      });
      draw();
      drawSegments(models[0].whole, rate);
    },
  };
}
