/** The second model, once one is chosen: it listens to the same track, and everything of its own comes and goes with it. */

import * as api from "../core/api.mjs";
import { byId, setText } from "../core/dom.mjs";
import { createListener, NOTHING } from "./listener.mjs";
import { createSecond } from "./second.mjs";
import { createTimeline } from "../pictures/timeline.mjs";

const NOBODY = { ear: null, model: null, load: () => null, choose() {}, revealWhole() {} };

/**
 * `plot` promises the first timeline's graph. Gives `{ ear, model, load(track), choose(rival), revealWhole(yes) }`; `ear`
 * is what the view follows, null while nothing is chosen.
 */
export function createRival(config, plot, onChange) {
  if (!config.rivals.length) return NOBODY;
  const panel = byId("second-timeline");
  const listener = createListener({ panel, message: byId("second-message") }, config.hopSeconds, onChange);
  const second = createSecond(config);
  const ownEar = { listener, panel: second, drawn: NOTHING, soFar: null };
  const shown = ["second", "second-timeline", "second-overall-words", "timeline-name", "legend"].map(byId);
  let graph = null; // Promised once, when first needed.
  let model = null;
  let track = null;

  const draw = async () => {
    const { data, layout } = await plot;
    const traces = data.map((trace) => ({ ...trace, x: [], y: [] }));
    const own = await window.Plotly.newPlot(byId("second-graph"), traces, structuredClone(layout), config.secondGraph);
    const parts = { panel, future: byId("second-future") };
    listener.setTimeline(createTimeline(own, parts, config, false));
    onChange();
    return own;
  };

  const load = () => {
    byId("second-csv").href = api.csvUrl(track.id, config.hopSeconds, model.name);
    return listener.load(track, model.name);
  };

  return {
    get ear() {
      return model && ownEar;
    },
    get model() {
      return model;
    },
    load(next) {
      track = next;
      return model ? load() : null;
    },
    choose(next) {
      model = next;
      byId("page").toggleAttribute("data-comparing", Boolean(model));
      for (const element of shown) element.hidden = !model;
      if (!model) {
        listener.stop();
        return;
      }
      second.setModel(model);
      setText(byId("timeline-name"), config.title);
      setText(byId("second-timeline-name"), model.title);
      if (graph) graph.then((own) => window.Plotly.Plots.resize(own));
      else graph = draw();
      ownEar.drawn = NOTHING;
      if (track) load();
    },
    revealWhole: listener.revealWhole,
  };
}
