/**
 * The timeline: the whole stacked area is drawn when the scores arrive, and shown up to what has been heard by widening
 * its clip. Growing so costs one attribute a window; redrawing the figure would cost some 20 ms.
 */

import { dress, timeAxis } from "./plots.mjs";

const REDRAW_MS = 300;

/** `panel` holds the graph; `future` covers what has not been heard, so that it tells nothing to the hand. */
export function createTimeline(graph, { panel, future }, { templates, genres, timeZeroMs }, legend = true) {
  let durationMs = 1;
  let heardMs = 0;
  let whole = false;
  let timer = 0;
  let scores = null;

  const layout = dress(graph, templates, (_, narrow) => ({
    showlegend: legend && !narrow,
    xaxis: { ...graph.layout.xaxis, nticks: narrow ? 5 : 10 },
  }));

  const clip = () => {
    const fraction = whole ? 1 : Math.min(1, heardMs / durationMs);
    const rect = graph.querySelector(".plotclip rect");
    rect?.setAttribute("width", String(fraction * graph._fullLayout._size.w));
    future.style.transform = `translateX(${fraction * 100}%)`;
  };

  const traces = () => {
    const windows = scores?.windows ?? [];
    const ends = windows.map(({ end }) => timeZeroMs + (end / scores.rate) * 1000);
    const place = new Map(genres.map(({ id }, index) => [id, index]));
    const veil = `${getComputedStyle(panel).getPropertyValue("--page").trim()}b3`; // 70 % of the page's own colour
    return graph.data.map((trace) => {
      if (trace.meta === "unsure") {
        return { ...trace, x: ends, y: windows.map(({ state }) => Number(state === "unsure")), fillcolor: veil };
      }
      const index = place.get(trace.meta);
      return { ...trace, x: ends, y: windows.map(({ state, p }) => (state === "silence" ? 0 : p[index])) };
    });
  };

  const draw = () => {
    clearTimeout(timer);
    timer = 0;
    const base = layout();
    window.Plotly.react(graph, traces(), { ...base, xaxis: timeAxis(base.xaxis, timeZeroMs, durationMs) });
    panel.dataset.windows = String(scores?.windows.length ?? 0);
    panel.dataset.complete = String(Boolean(scores?.complete));
    clip();
  };

  /** A legend of many genres takes more than one line; the playhead begins below it. */
  const fit = () => {
    clip();
    panel.style.setProperty("--plot-top", `${graph._fullLayout._size.t}px`);
  };

  graph.on("plotly_afterplot", fit);
  return {
    reset(seconds) {
      durationMs = seconds * 1000;
      heardMs = 0;
      scores = null;
      draw();
    },
    /** More scores have come: draw now and then while they stream, at once when they are complete. */
    update(next) {
      scores = next;
      if (next.complete) draw();
      else if (!timer) timer = setTimeout(draw, REDRAW_MS);
    },
    /** Show what has been heard: up to the end of this window. */
    reveal(seconds) {
      heardMs = seconds * 1000;
      clip();
    },
    revealWhole(yes) {
      whole = yes;
      clip();
    },
  };
}
