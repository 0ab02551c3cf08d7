/** The export menu: the timeline as a picture or a drawing, named after track and model, with heading and legend. */

import { byId } from "../core/dom.mjs";
import { text } from "../core/texts.mjs";

const SIZE = { width: 1200, height: 420 };
const MARGIN = { l: 56, r: 24, t: 56, b: 72 };

const nameOf = (...parts) => parts.join("-").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase();

/** `plot` promises the timeline's graph, `about()` gives `{ track, model }` as people call them. */
export function createExports(plot, about) {
  const menu = byId("exports");
  const close = () => {
    menu.open = false;
  };
  const save = async (format) => {
    const graph = await plot;
    const { track, model } = about();
    const { layout } = graph;
    const { paper_bgcolor, plot_bgcolor } = layout.template.layout;
    const papers = { paper_bgcolor, plot_bgcolor }; // On the page it has none of its own.
    const figure = {
      data: graph.data.map((trace) => ({ ...trace, showlegend: trace.stackgroup !== undefined })),
      layout: { ...layout, ...papers, showlegend: true, margin: MARGIN, title: { text: `${track} \u00b7 ${model}`, x: 0.02 } },
    };
    await window.Plotly.downloadImage(figure, { ...SIZE, format, filename: nameOf(text("share.file"), track, model) });
  };
  for (const button of menu.querySelectorAll("[data-picture]")) {
    button.addEventListener("click", () => {
      close();
      save(button.dataset.picture);
    });
  }
  byId("csv").addEventListener("click", close);
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary").focus();
  });
}
