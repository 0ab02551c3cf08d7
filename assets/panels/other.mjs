/** The other model, once one is chosen: it listens to the same track, and everything of its own comes and goes with it. */

import * as api from "../core/api.mjs";
import { byId, setText } from "../core/dom.mjs";
import { createListener, NOTHING } from "./listener.mjs";
import { createMoment } from "./moment.mjs";
import { createTimeline } from "../pictures/timeline.mjs";

const NOBODY = { heard: null, model: null, load: () => null, choose() {}, look() {}, zoom() {} };

/**
 * `plot` promises the first timeline's graph. Gives `{ heard, model, load(track), choose(model), look(change) }`;
 * `heard` is what the view follows, null while nothing is chosen.
 */
export function createOther(config, plot, connection, onChange) {
  if (!config.others.length) return NOBODY;
  const panel = byId("other-timeline");
  const listener = createListener(panel, { hopSeconds: config.hopSeconds, connection }, onChange);
  const moment = createMoment(byId("other"), "other", config);
  const heard = { listener, moment, drawn: NOTHING, soFar: null };
  const shown = ["other", "other-timeline", "other-overall-words", "timeline-name", "legend"].map(byId);
  let graph = null; // Promised once, when first needed.
  let model = null;
  let track = null;

  const draw = async () => {
    const { data, layout } = await plot;
    const traces = data.map((trace) => ({ ...trace, x: [], y: [] }));
    const own = await window.Plotly.newPlot(byId("other-graph"), traces, structuredClone(layout), config.otherGraph);
    const parts = { panel, future: byId("other-future"), labels: byId("other-labels") };
    listener.setTimeline(createTimeline(own, parts, config));
    onChange();
    return own;
  };

  const load = () => {
    byId("other-csv").href = api.csvUrl(track.id, config.hopSeconds, model.name);
    return listener.load(track, model.name);
  };

  return {
    get heard() {
      return model && heard;
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
      byId("page").toggleAttribute("data-with-other", Boolean(model));
      for (const element of shown) element.hidden = !model;
      if (!model) {
        listener.stop();
        return;
      }
      moment.setModel(model);
      setText(byId("timeline-name"), config.title);
      setText(byId("other-timeline-name"), model.title);
      if (graph) graph.then((own) => window.Plotly.Plots.resize(own));
      else graph = draw();
      heard.drawn = NOTHING;
      if (track) load();
    },
    look: listener.look,
    zoom: listener.zoom,
  };
}
