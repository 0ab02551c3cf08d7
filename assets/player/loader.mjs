/** Fetches what the page shows of one track; an answer for a track no longer chosen is dropped. */

import * as api from "../core/api.mjs";
import { byId } from "../core/dom.mjs";
import { plotted } from "../pictures/plots.mjs";
import { createSpectrogram, COLUMNS as SPECTROGRAM_COLUMNS } from "../pictures/spectrogram.mjs";
import { createWaveform, COLUMNS as WAVEFORM_COLUMNS } from "../pictures/waveform.mjs";

const PART = "pictures";

/**
 * `listener` hears with the page's own model, `other` with another one where that is chosen; `onGone(track)` is called
 * for a track that the server knows no longer.
 */
export function createLoader(config, { listener, other, connection, onGone }) {
  const stage = byId("stage");
  const exports = [byId("csv"), byId("lines")];
  const waveform = createWaveform(byId("waveform"));
  const spectrogram = plotted("spectrogram").then((graph) => createSpectrogram(graph, config));
  let abort = new AbortController();

  const loadPictures = (track, signal) =>
    api.attempt(
      signal,
      async () => {
        const [peaks, picture, heatmap] = await Promise.all([
          api.peaks(track.id, WAVEFORM_COLUMNS, signal),
          api.spectrogram(track.id, SPECTROGRAM_COLUMNS, signal),
          spectrogram,
        ]);
        signal.throwIfAborted();
        waveform.show(peaks);
        await heatmap.show(picture, track.sample_rate);
        stage.classList.remove("loading");
        connection.found(PART);
      },
      (problem) => {
        if (problem.isTemporary) connection.lost(PART, problem, () => loadPictures(track, signal));
        else if (problem.status === 404) onGone(track);
      },
    );

  return {
    load(track) {
      abort.abort();
      abort = new AbortController();
      connection.found(PART);
      stage.classList.add("loading");
      const addresses = [api.csvUrl(track.id, config.hopSeconds), api.linesUrl(track.id, config.hopSeconds)];
      exports.forEach((link, place) => {
        link.href = addresses[place];
        link.removeAttribute("aria-disabled");
      });
      return Promise.all([listener.load(track), other.load(track), loadPictures(track, abort.signal)]);
    },
  };
}
