/** Plotly figures that Dash has drawn: wait for one, and dress it in the page's theme. */

import { appeared, byId } from "../core/dom.mjs";
import { onTheme, theme } from "../core/theme.mjs";

/** The graph's own element, once Dash has loaded Plotly and drawn the figure of the layout. */
export const plotted = (id) =>
  appeared(() => {
    const graph = byId(id)?.querySelector(".js-plotly-plot");
    return graph?._fullLayout && window.Plotly ? graph : null;
  });

const HOUR_MS = 3_600_000;

/** The time axis of a track: its range, and hours only where there are any. */
export const timeAxis = (axis, zeroMs, durationMs) => {
  const format = durationMs < HOUR_MS ? "%-M:%S" : "%-H:%M:%S";
  return { ...axis, range: [zeroMs, zeroMs + durationMs], tickformat: format, hoverformat: `${format}.%1f` };
};

/** Left inset of the plots, which is smaller on a phone. */
const insets = (graph) => {
  const style = getComputedStyle(graph);
  return {
    l: parseFloat(style.getPropertyValue("--plot-left")),
    r: parseFloat(style.getPropertyValue("--plot-right")),
  };
};

/** Keep a graph in the page's theme and insets. `extra(themeName, narrow)` may add to the layout. */
export function dress(graph, templates, extra = () => ({})) {
  const narrow = matchMedia("(max-width: 699px)");
  const layout = () => ({
    ...graph.layout,
    ...extra(theme(), narrow.matches),
    template: templates[theme()],
    margin: { ...graph.layout.margin, ...insets(graph) },
  });
  const redraw = () => window.Plotly.react(graph, graph.data, layout());
  onTheme(redraw);
  narrow.addEventListener("change", redraw);
  return layout;
}
