/**
 * Moves the pitch of sound without its tempo: short grains, played faster or slower, each put where it continues the one
 * before best (synchronous overlap and add: Roucos and Wilgus, "High quality time-scale modification for speech", 1985).
 */

const GRAIN = 2048; // Samples out; two overlap at any time.
const HOP = GRAIN / 2;
const SEARCH = 512; // Samples in, to either side.
const HIGHEST = 4; // Ratio.
const ROOM = 2 ** 15; // Samples in that are kept, more than a grain at the highest ratio reaches over.
const COARSE = 8;
const FINE = 2;

const window_ = Float32Array.from({ length: GRAIN }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / GRAIN));

/** Samples by which sound comes later at a ratio. */
export const delayOf = (ratio) => Math.ceil(GRAIN * ratio) + SEARCH + 2;

export class PitchShifter {
  constructor(nChannels) {
    this.kept = Array.from({ length: nChannels }, () => new Float32Array(ROOM));
    this.sum = Array.from({ length: nChannels }, () => new Float32Array(GRAIN));
    this.mono = new Float32Array(ROOM);
    this.written = 0;
    this.given = 0; // Of the half grain that is finished.
    this.last = null; // Where the grain before began, in samples in.
    this.ratio = 1;
  }

  /** `ins` and `outs`: a Float32Array a channel, of equal lengths; `ratio` above 1 is higher. */
  process(ins, outs, ratio) {
    this.ratio = Math.min(HIGHEST, Math.max(1 / HIGHEST, ratio));
    for (let n = 0; n < outs[0].length; n += 1) {
      const at = this.written % ROOM;
      let mean = 0;
      this.kept.forEach((kept, channel) => {
        kept[at] = ins[channel]?.[n] ?? 0;
        mean += kept[at];
      });
      this.mono[at] = mean;
      this.written += 1;
      if (this.given === 0) this.addGrain();
      outs.forEach((out, channel) => {
        out[n] = this.sum[channel]?.[this.given] ?? 0;
      });
      this.given = (this.given + 1) % HOP;
    }
  }

  at(samples, place) {
    const whole = Math.floor(place);
    const here = samples[((whole % ROOM) + ROOM) % ROOM];
    const next = samples[(((whole + 1) % ROOM) + ROOM) % ROOM];
    return here + (place - whole) * (next - here);
  }

  /** How alike a grain from `place` on is to what the last one would have gone on with. */
  likeness(place, goesOn, step) {
    let product = 0;
    let power = 1e-9;
    for (let n = 0; n < HOP; n += step) {
      const value = this.at(this.mono, place + n * this.ratio);
      product += value * this.at(this.mono, goesOn + n * this.ratio);
      power += value * value;
    }
    return product / Math.sqrt(power);
  }

  best(middle, reach, stride, step, goesOn) {
    let found = middle;
    let most = -Infinity;
    for (let place = middle - reach; place <= middle + reach; place += stride) {
      const likeness = this.likeness(place, goesOn, step);
      if (likeness > most) [most, found] = [likeness, place];
    }
    return found;
  }

  addGrain() {
    const nominal = this.written - delayOf(this.ratio);
    let start = nominal;
    if (this.last !== null) {
      const goesOn = this.last + HOP * this.ratio;
      start = this.best(nominal, SEARCH, COARSE, COARSE, goesOn);
      start = Math.min(nominal + SEARCH, this.best(start, COARSE, 1, FINE, goesOn));
    }
    this.last = start;
    this.sum.forEach((sum, channel) => {
      sum.copyWithin(0, HOP);
      sum.fill(0, HOP);
      for (let n = 0; n < GRAIN; n += 1) sum[n] += window_[n] * this.at(this.kept[channel], start + n * this.ratio);
    });
  }
}
