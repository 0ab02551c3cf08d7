/**
 * The timeline: the whole stacked area is drawn when the scores arrive, and shown up to what has been heard by widening
 * its clip. Growing so costs one attribute a window; redrawing the figure would cost some 20 ms.
 */

import { el } from "../core/dom.mjs";
import { dress, timeAxis } from "./plots.mjs";
import { columnsOf, edgesOf, labelsOf, outlinesOf } from "./shape.mjs";

const REDRAW_MS = 300;
const MOST_COLUMNS = 720;
const LABEL_PX = { letter: 8, height: 18 };
const LEAST_OUTLINED_PX = 5;
const hovers = matchMedia("(hover: hover)");

/** `panel` holds the graph; `future` covers what has not been heard, so that it tells nothing to the hand. */
export function createTimeline(graph, { panel, future, labels }, { templates, genres, timeZeroMs }) {
  let seconds = 1;
  let from = 0; // Where the shown stretch starts: the track's start, but for what rolls.
  let heard = 0;
  let whole = false;
  let alone = null; // Id of the one genre that is shown, null for all.
  let timer = 0;
  let scores = null;
  let columns = columnsOf({ windows: [], rate: 1 }, genres.length, MOST_COLUMNS);

  const layout = dress(graph, templates, () => draw(), (narrow) => ({
    hovermode: hovers.matches ? "x unified" : false,
    xaxis: { ...graph.layout.xaxis, nticks: narrow ? 5 : 10 },
  }));
  const indexOf = (id) => genres.findIndex((genre) => genre.id === id);
  const edgesNow = () => edgesOf(columns.shares, alone === null ? -1 : indexOf(alone));
  const size = () => graph._fullLayout._size;

  const clip = () => {
    const fraction = whole ? 1 : Math.min(1, Math.max(0, heard - from) / seconds);
    graph.querySelector(".plotclip rect")?.setAttribute("width", String(fraction * size().w));
    future.style.transform = `translateX(${fraction * 100}%)`;
    for (const label of labels.children) label.hidden = Number(label.dataset.share) > fraction;
  };

  const traces = () => {
    const x = columns.ends.map((end) => timeZeroMs + end * 1000);
    const [page, ink] = ["--page", "--ink"].map((name) => getComputedStyle(panel).getPropertyValue(name).trim());
    return graph.data.map((trace) => {
      if (trace.meta === "outline") {
        const border = outlinesOf({ ends: x, edges: edgesNow() }, LEAST_OUTLINED_PX / size().h);
        return { ...trace, ...border, line: { ...trace.line, color: `${ink}73` } }; // 45 %, as the edge of a bar
      }
      if (trace.meta === "unsure") return { ...trace, x, y: columns.unsure.map(Number), fillcolor: `${page}b3` }; // 70 %
      return {
        ...trace,
        x,
        y: columns.shares[indexOf(trace.meta)],
        visible: alone === null || alone === trace.meta,
      };
    });
  };

  /** Write the names of wide areas upon them. */
  const name = () => {
    const { w, h } = size();
    const perSecond = w / seconds;
    const widths = genres.map(({ label }) => (label.length * LABEL_PX.letter + LABEL_PX.height) / perSecond);
    const places = labelsOf({ ends: columns.ends, edges: edgesNow() }, { widths, height: LABEL_PX.height / h });
    labels.replaceChildren(
      ...places.map(({ genre, seconds: at, level }) => {
        const element = el("span", { class: "area-label" }, genres[genre].label);
        element.style.left = `${(100 * (at - from)) / seconds}%`;
        element.style.top = `${100 * (1 - level)}%`;
        element.dataset.share = String((at + widths[genre] / 2 - from) / seconds); // Where it ends: half a name is none.
        const isPale = columns.unsure[columns.ends.findIndex((end) => end >= at)];
        element.style.color = isPale ? "var(--ink)" : genres[genre].ink;
        return element;
      }),
    );
  };

  /** The scores of what is shown, and a window more at each side: the areas go on beyond the edge. */
  const shown = () => {
    const { windows, rate } = scores;
    const first = Math.max(0, windows.findIndex(({ end }) => end >= from * rate) - 1);
    const beyond = windows.findIndex(({ end }) => end > (from + seconds) * rate);
    return { windows: windows.slice(first, beyond < 0 ? undefined : beyond + 1), rate };
  };

  const draw = () => {
    clearTimeout(timer);
    timer = 0;
    if (scores) columns = columnsOf(shown(), genres.length, MOST_COLUMNS);
    const base = layout();
    window.Plotly.react(graph, traces(), { ...base, xaxis: timeAxis(base.xaxis, timeZeroMs, { from, seconds }) });
    panel.dataset.windows = String(scores?.windows.length ?? 0);
    panel.dataset.complete = String(Boolean(scores?.complete));
    clip();
  };

  graph.on("plotly_afterplot", () => {
    name();
    clip();
  });
  return {
    reset(duration) {
      seconds = duration;
      from = 0;
      heard = 0;
      scores = null;
      columns = columnsOf({ windows: [], rate: 1 }, genres.length, MOST_COLUMNS);
      draw();
    },
    /** More scores have come: draw now and then while they stream, at once when they are complete. */
    update(next) {
      scores = next;
      if (next.complete) draw();
      else if (!timer) timer = setTimeout(draw, REDRAW_MS);
    },
    /** Show a stretch of the track. */
    zoom(stretch) {
      ({ from, seconds } = stretch);
      draw();
    },
    /** Show a stretch of scores that are still coming. */
    roll(next, span) {
      ({ from, seconds } = span);
      const since = next.heardBy(from * next.rate);
      scores = { ...next, windows: next.windows.slice(Math.max(0, since)) };
      draw();
      panel.dataset.windows = String(next.windows.length);
    },
    /** Show what has been heard: up to the end of this window, in seconds. */
    reveal(end) {
      heard = end;
      clip();
    },
    /** `whole`: show what has not been heard yet too; `alone`: id of the one genre to show, null for all. */
    look(next) {
      whole = next.whole;
      const isOther = alone !== next.alone;
      alone = next.alone;
      if (isOther) draw();
      else clip();
    },
  };
}
