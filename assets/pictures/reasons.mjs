/** What speaks for a genre and what against it, painted over the spectrogram where the window lies. */

const COLUMNS = 2400;
const LARGEST = 127;
const FAINTEST = 0.1; // Of the largest; below it is left out, so that the sound stays to be seen.
const DENSEST = 1;

/** How opaque a cell is, 0 to 1, for its share of the largest relevance. */
export const opacity = (share) => (share < FAINTEST ? 0 : DENSEST * share ** 0.5);

/** The signed bytes of an explanation, lowest band first, as pixels, highest band on top. `colours`: `[r, g, b]` each. */
export function pixels({ relevance, bands, frames }, { speaksFor, speaksAgainst }) {
  const steps = Int8Array.from(atob(relevance), (character) => character.charCodeAt(0));
  const out = new Uint8ClampedArray(4 * bands * frames);
  for (let band = 0; band < bands; band += 1) {
    for (let frame = 0; frame < frames; frame += 1) {
      const value = steps[band * frames + frame] / LARGEST;
      const place = 4 * ((bands - 1 - band) * frames + frame);
      out.set(value > 0 ? speaksFor : speaksAgainst, place);
      out[place + 3] = 255 * opacity(Math.abs(value));
    }
  }
  return out;
}

/** A colour of the style sheet as `[r, g, b]`. */
export function rgb(hex) {
  const number = parseInt(hex.trim().slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** `canvas` covers the whole track; what is painted stays until it is cleared or painted over. */
export function createReasons(canvas) {
  const context = canvas.getContext("2d");
  return {
    clear(bands = 128) {
      canvas.width = COLUMNS;
      canvas.height = bands;
    },
    /** Paint one window; `nSamples`: the track's length. */
    paint(explanation, nSamples, colours) {
      const { start, frame_samples: frame, hop_samples: hop, bands, frames } = explanation;
      if (canvas.height !== bands) this.clear(bands);
      const small = new OffscreenCanvas(frames, bands);
      small.getContext("2d").putImageData(new ImageData(pixels(explanation, colours), frames, bands), 0, 0);
      const scale = COLUMNS / nSamples;
      const left = (start + frame / 2 - hop / 2) * scale; // Frames are as wide as they lie apart, around their centres.
      const width = frames * hop * scale;
      context.clearRect(left, 0, width, bands);
      context.drawImage(small, left, 0, width, bands);
    },
  };
}
