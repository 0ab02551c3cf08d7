/** Fetches what the page shows of one track; an answer for a track no longer chosen is dropped. */

import * as api from "./api.mjs";
import { byId } from "./dom.mjs";
import { createNotice } from "./notice.mjs";
import { plotted } from "./plots.mjs";
import { Scores } from "./scores.mjs";
import { createSpectrogram, COLUMNS as SPECTROGRAM_COLUMNS } from "./spectrogram.mjs";
import { messages } from "./stream.mjs";
import { createTimeline } from "./timeline.mjs";
import { createWaveform, COLUMNS as WAVEFORM_COLUMNS } from "./waveform.mjs";

/** `onScores` is called when the moment that is shown may look different now. */
export function createLoader(config, view, onScores) {
  const stage = byId("stage");
  const panel = byId("timeline");
  const stageNotice = createNotice(byId("stage-message"));
  const timelineNotice = createNotice(byId("timeline-message"));
  const waveform = createWaveform(byId("waveform"));
  const spectrogram = plotted("spectrogram").then((graph) => createSpectrogram(graph, config));
  const timeline = plotted("timeline-graph").then((graph) => createTimeline(graph, config));
  let plot = null; // The timeline, once Plotly is there; the scores do not wait for it.
  timeline.then((made) => {
    plot = made;
    view.setTimeline(made);
    if (seconds) plot.reset(seconds);
    if (scores) plot.update(scores);
    onScores();
  });
  let abort = new AbortController();
  let scores = null;
  let seconds = 0;

  /** Run a part of the load; say what went wrong unless the track has changed meanwhile. */
  const attempt = async (signal, work, complain) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") return;
      complain(error instanceof api.Problem ? error.message : "Something on this page failed.");
      if (!(error instanceof api.Problem)) throw error;
    }
  };

  const loadPictures = (track, signal) =>
    attempt(
      signal,
      async () => {
        stageNotice.hide();
        const [peaks, picture, heatmap] = await Promise.all([
          api.peaks(track.id, WAVEFORM_COLUMNS, signal),
          api.spectrogram(track.id, SPECTROGRAM_COLUMNS, signal),
          spectrogram,
        ]);
        signal.throwIfAborted();
        waveform.show(peaks);
        await heatmap.show(picture, track.sample_rate);
        stage.classList.remove("loading");
      },
      (sentence) => stageNotice.show(`Waveform and spectrogram did not arrive. ${sentence}`, () => loadPictures(track, signal)),
    );

  const loadScores = (track, signal) =>
    attempt(
      signal,
      async () => {
        timelineNotice.hide();
        for await (const message of messages(await api.scores(track.id, config.hopSeconds, signal))) {
          signal.throwIfAborted();
          if (message.type === "header") view.setScores((scores = new Scores(message)));
          else if (message.type === "window") scores.add(message);
          else if (message.type === "summary") scores.summary = message;
          plot?.update(scores);
        }
        scores.complete = true;
        plot?.update(scores);
        panel.classList.remove("loading");
        onScores();
      },
      (sentence) => {
        view.fail();
        onScores();
        timelineNotice.show(`The scores did not arrive. ${sentence}`, () => loadScores(track, signal));
      },
    );

  return {
    timeline,
    neighbour(time, direction) {
      if (!scores) return null;
      const end = scores.neighbour(Math.round(time * scores.rate), direction);
      return end === null ? null : end / scores.rate;
    },
    load(track) {
      abort.abort();
      abort = new AbortController();
      scores = null;
      seconds = track.duration_samples / track.sample_rate;
      plot?.reset(seconds);
      stage.classList.add("loading");
      panel.classList.add("loading");
      const csv = byId("csv");
      csv.href = api.csvUrl(track.id, config.hopSeconds);
      csv.removeAttribute("aria-disabled");
      return Promise.all([loadScores(track, abort.signal), loadPictures(track, abort.signal)]);
    },
  };
}
