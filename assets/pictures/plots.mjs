/** Plotly figures: draw those of the layout, and dress them in the page's theme. */

import { byId } from "../core/dom.mjs";
import { pauseAfter } from "../core/connection.mjs";
import { onTheme, theme } from "../core/theme.mjs";
import { text } from "../core/texts.mjs";

const PAINTED_MS = 200; // A page in the background is never painted; it goes on all the same.
const LATEST_MS = 2000; // The first window ends three seconds after the first press of Play.
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const painted = () => Promise.race([new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))), wait(PAINTED_MS)]);

const load = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${address} does not load`));
    };
    document.head.append(script);
  });

let library = null;

/**
 * Have Plotly, which is large and draws only what has been heard: so not before the page is painted and shows its first
 * track (`shown`), or that takes too long.
 */
async function loaded(address, shown) {
  await Promise.race([shown, wait(LATEST_MS)]);
  await painted();
  for (let tries = 0; !window.Plotly; tries += 1) {
    try {
      await load(address);
    } catch {
      await wait(pauseAfter(tries)); // Whatever else the server did not give says so.
    }
  }
}

/** The graph of an element of the layout, drawn as its figure says; `plotly` is the library's address. */
export async function plotted(id, { plotly }, shown) {
  library ??= loaded(plotly, shown);
  await library;
  const { figure, options } = byId(id).dataset;
  const { data, layout } = JSON.parse(figure);
  return window.Plotly.newPlot(byId(id).firstChild, data, layout, JSON.parse(options));
}

const HOUR_MS = 3_600_000;

/** The time axis of a track: its range, and hours only where there are any. */
export const timeAxis = (axis, zeroMs, { from, seconds }) => {
  const [startMs, endMs] = [from * 1000, (from + seconds) * 1000];
  const format = endMs < HOUR_MS ? "%-M:%S" : "%-H:%M:%S";
  return { ...axis, range: [zeroMs + startMs, zeroMs + endMs], tickformat: format, hoverformat: `${format}${text("number.decimal_mark")}%1f` };
};

/** Left inset of the plots, which is smaller on a phone. */
const insets = (graph) => {
  const style = getComputedStyle(graph);
  return {
    l: parseFloat(style.getPropertyValue("--plot-left")),
    r: parseFloat(style.getPropertyValue("--plot-right")),
  };
};

/**
 * Keep a graph in the page's theme and insets: `redraw()` is called when these change. Gives what makes its layout;
 * `extra(narrow)` may add to it.
 */
export function dress(graph, templates, redraw, extra = () => ({})) {
  const narrow = matchMedia("(max-width: 699px)");
  onTheme(redraw);
  narrow.addEventListener("change", redraw);
  return () => ({
    ...graph.layout,
    ...extra(narrow.matches),
    template: templates[theme()],
    paper_bgcolor: "transparent", // What the page is on, paper or a system's own colours, it is on too.
    plot_bgcolor: "transparent",
    margin: { ...graph.layout.margin, ...insets(graph) },
  });
}
