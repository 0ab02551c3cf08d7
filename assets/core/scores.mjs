/** The scores of one track, as they arrive, and the question the page asks of them: what has been heard by now? */

export class Scores {
  constructor(header) {
    this.header = header;
    this.rate = header.sample_rate;
    this.windows = [];
    this.summary = null;
    this.complete = false;
  }

  add(window) {
    this.windows.push(window);
  }

  /** Index of the last window that has ended by this sample, -1 before the first has. */
  heardBy(sample) {
    let low = 0;
    let high = this.windows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.windows[middle].end <= sample) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Where the next window ends, Infinity where none is known. */
  nextEnd(sample) {
    return this.windows[this.heardBy(sample) + 1]?.end ?? Infinity;
  }

  /** Whether a window has ended by this sample that is not scored yet. */
  isBehind(sample) {
    if (this.complete) return false;
    const last = this.windows.at(-1);
    const next = last ? last.end + this.header.hop_samples : this.header.window_samples;
    return sample >= Math.min(next, this.header.duration_samples);
  }

  /** Where the window before or after a sample ends; the step of one window. */
  neighbour(sample, direction) {
    const index = this.heardBy(sample);
    if (direction > 0) return this.windows[index + 1]?.end ?? null;
    const current = this.windows[index];
    if (!current) return null;
    // From inside the half second after a window's end, go back to that end first, as a player's "previous" does.
    const here = sample - current.end > this.header.hop_samples / 4 ? index : index - 1;
    return this.windows[here]?.end ?? null;
  }
}
