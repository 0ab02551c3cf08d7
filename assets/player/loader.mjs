/** Fetches what the page shows of one track; an answer for a track no longer chosen is dropped. */

import * as api from "../core/api.mjs";
import { byId } from "../core/dom.mjs";
import { createSpectrogram } from "../pictures/spectrogram.mjs";
import { createWaveform } from "../pictures/waveform.mjs";

const PART = "pictures";

/**
 * `listener` hears with the page's own model, `other` with another one where that is chosen; `onGone(track)` is called
 * for a track that the server knows no longer.
 */
export function createLoader(config, { listener, other, connection, onGone }) {
  const stage = byId("stage");
  const exports = [byId("csv"), byId("lines"), byId("file")];
  const waveform = createWaveform(byId("waveform"));
  const spectrogram = createSpectrogram(byId("spectrogram"), config);
  let abort = new AbortController();

  const loadPictures = (track, signal) =>
    api.attempt(
      signal,
      async () => {
        await Promise.all([
          api.peaks(track.id, config.pictureColumns, signal).then((peaks) => {
            signal.throwIfAborted();
            waveform.show(peaks);
            byId("waveform").classList.remove("waiting");
          }),
          api.spectrogram(track.id, config.pictureColumns, signal).then((picture) => {
            signal.throwIfAborted();
            spectrogram.show(picture, track.sample_rate);
          }),
        ]);
        stage.classList.remove("loading");
        connection.found(PART);
      },
      (problem) => {
        if (problem.isTemporary) connection.lost(PART, problem, () => loadPictures(track, signal));
        else if (problem.status === 404) onGone(track);
      },
    );

  return {
    /** Show the waveform between two shares of the track; the other pictures are stretched by the style sheet. */
    zoom: waveform.zoom,
    load(track) {
      abort.abort();
      abort = new AbortController();
      connection.found(PART);
      stage.classList.add("loading");
      waveform.zoom(0, 1);
      byId("waveform").classList.add("waiting");
      const addresses = [api.csvUrl(track.id, config.hopSeconds), api.linesUrl(track.id, config.hopSeconds), api.fileUrl(track.id)];
      exports.forEach((link, place) => {
        link.href = addresses[place];
        link.removeAttribute("aria-disabled");
      });
      return Promise.all([listener.load(track), other.load(track), loadPictures(track, abort.signal)]);
    },
  };
}
