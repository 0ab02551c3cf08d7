/** Fetches what the page shows of one track; an answer for a track no longer chosen is dropped. */

import * as api from "../core/api.mjs";
import { byId } from "../core/dom.mjs";
import { createNotice } from "../core/notice.mjs";
import { plotted } from "../pictures/plots.mjs";
import { createSpectrogram, COLUMNS as SPECTROGRAM_COLUMNS } from "../pictures/spectrogram.mjs";
import { createWaveform, COLUMNS as WAVEFORM_COLUMNS } from "../pictures/waveform.mjs";

/** `listener` hears with the page's own model, `other` with another one where that is chosen. */
export function createLoader(config, listener, other) {
  const stage = byId("stage");
  const csv = byId("csv");
  const notice = createNotice(byId("stage-message"));
  const waveform = createWaveform(byId("waveform"));
  const spectrogram = plotted("spectrogram").then((graph) => createSpectrogram(graph, config));
  let abort = new AbortController();

  const loadPictures = (track, signal) =>
    api.attempt(
      signal,
      async () => {
        notice.hide();
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
      ({ message }) =>
        notice.show(`Waveform and spectrogram did not arrive. ${message}`, () => loadPictures(track, signal)),
    );

  return {
    load(track) {
      abort.abort();
      abort = new AbortController();
      stage.classList.add("loading");
      csv.href = api.csvUrl(track.id, config.hopSeconds);
      csv.removeAttribute("aria-disabled");
      return Promise.all([listener.load(track), other.load(track), loadPictures(track, abort.signal)]);
    },
  };
}
