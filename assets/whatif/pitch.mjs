/**
 * Moves the pitch of sound without its tempo: frames of the sound, played faster or slower, overlap, and the phases of
 * each are turned so that every partial goes on where the frame before left it (a phase vocoder). All bins around a peak
 * of the spectrum turn together (Laroche and Dolson, "Improved phase vocoder time-scale modification of audio", 1999),
 * which keeps sound clear, and makes its spectrum depend hardly at all on where it began: what is scored, begun shortly
 * before its window, gets the scores of what is heard.
 */

import { createTransform } from "../core/fourier.mjs";

const BITS = 12;
const FRAME = 2 ** BITS; // Samples out: 93 ms at 44.1 kHz.
const HOP = FRAME / 4;
const BINS = FRAME / 2 + 1;
const HIGHEST = 4; // Ratio.
const ROOM = 2 ** 15; // Samples in that are kept, more than a frame and a hop at the highest ratio reach over.
const SCALE = 1 / (1.5 * FRAME); // Four squared Hann windows add up to 1.5.
const NOTHING = 1e-20;

const hann = Float32Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
const transform = createTransform(BITS);

/** Samples in that a frame reaches back at a ratio: no sound comes later than that. */
export const delayOf = (ratio) => Math.ceil(FRAME * Math.max(1, ratio)) + 2;

const bins = () => ({ re: new Float32Array(BINS), im: new Float32Array(BINS) });

/** One channel: what came, what goes out, and its spectra. */
class Channel {
  kept = new Float32Array(ROOM);
  sum = new Float32Array(FRAME);
  now = bins(); // The frame, in its turn.
  before = bins(); // The frame as it was a hop earlier: what would have gone on from the last one.
  turned = bins(); // What went out last.
  re = new Float64Array(FRAME);
  im = new Float64Array(FRAME);

  /** Sound between two samples, on the line from one to the next. */
  at(place) {
    const whole = Math.floor(place);
    const here = this.kept[whole & (ROOM - 1)];
    return here + (place - whole) * (this.kept[(whole + 1) & (ROOM - 1)] - here);
  }

  /** The spectra of two frames at once, as both are real: one is the real part, the other the imaginary. */
  listen(start, ratio) {
    const { re, im, now, before } = this;
    for (let n = 0; n < FRAME; n += 1) {
      re[n] = hann[n] * this.at(start + n * ratio);
      im[n] = hann[n] * this.at(start + (n - HOP) * ratio);
    }
    transform(re, im);
    for (let k = 0; k < BINS; k += 1) {
      const mirror = (FRAME - k) & (FRAME - 1);
      now.re[k] = (re[k] + re[mirror]) / 2;
      now.im[k] = (im[k] - im[mirror]) / 2;
      before.re[k] = (im[k] + im[mirror]) / 2;
      before.im[k] = (re[mirror] - re[k]) / 2;
    }
  }

  /** Turn the phases of bins. */
  turn(from, to, cos, sin) {
    const { now, turned } = this;
    for (let k = from; k < to; k += 1) {
      turned.re[k] = now.re[k] * cos - now.im[k] * sin;
      turned.im[k] = now.re[k] * sin + now.im[k] * cos;
    }
  }

  /** Add the turned frame to what goes out. */
  give() {
    const { re, im, turned, sum } = this;
    for (let k = 0; k < BINS; k += 1) {
      const mirror = (FRAME - k) & (FRAME - 1);
      re[mirror] = turned.re[k];
      im[mirror] = -turned.im[k];
      re[k] = turned.re[k];
      im[k] = turned.im[k];
    }
    im[0] = 0;
    im[BINS - 1] = 0;
    transform(im, re); // Parts swapped, it goes backwards.
    sum.copyWithin(0, HOP);
    sum.fill(0, FRAME - HOP);
    for (let n = 0; n < FRAME; n += 1) sum[n] += SCALE * hann[n] * re[n];
  }
}

export class PitchShifter {
  constructor(nChannels) {
    this.channels = Array.from({ length: nChannels }, () => new Channel());
    this.power = new Float32Array(BINS);
    this.written = 0;
    this.given = 0; // Of the hop that is finished.
  }

  /** `ins` and `outs`: a Float32Array a channel, of equal lengths; `ratio` above 1 is higher. One channel in is all. */
  process(ins, outs, ratio) {
    const inRange = Math.min(HIGHEST, Math.max(1 / HIGHEST, ratio));
    const { length } = outs[0];
    for (let done = 0; done < length; ) {
      const at = this.written & (ROOM - 1);
      const n = Math.min(length - done, HOP - this.given, ROOM - at);
      this.channels.forEach(({ kept }, channel) => {
        const heard = ins[channel] ?? ins[0];
        if (heard) kept.set(heard.subarray(done, done + n), at);
        else kept.fill(0, at, at + n);
      });
      this.channels.forEach(({ sum }, channel) => outs[channel].set(sum.subarray(this.given, this.given + n), done));
      this.written += n;
      this.given += n;
      done += n;
      if (this.given === HOP) {
        this.given = 0;
        this.addFrame(inRange);
      }
    }
  }

  addFrame(ratio) {
    const { channels, power } = this;
    for (const channel of channels) channel.listen(this.written - Math.ceil(FRAME * ratio) - 2, ratio);
    for (let k = 0; k < BINS; k += 1) {
      power[k] = 0;
      for (const { now } of channels) power[k] += now.re[k] ** 2 + now.im[k] ** 2;
    }
    let from = 0;
    for (let peak = this.peakAfter(-1); peak < BINS; ) {
      const next = this.peakAfter(peak);
      const to = next < BINS ? ((peak + next) >> 1) + 1 : BINS;
      this.turnAround(peak, from, to);
      from = to;
      peak = next;
    }
    for (const channel of channels) channel.give();
  }

  /** The first peak after a bin, larger than two to either side; as many as there are bins where there is none. */
  peakAfter(bin) {
    const power = this.power;
    for (let k = bin + 1; k < BINS; k += 1) {
      const value = power[k];
      if (
        (k < 1 || power[k - 1] < value) &&
        (k < 2 || power[k - 2] < value) &&
        (k > BINS - 2 || power[k + 1] <= value) &&
        (k > BINS - 3 || power[k + 2] <= value)
      ) {
        return k;
      }
    }
    return BINS;
  }

  /** Turn the bins around a peak, in all channels alike, so that the peak goes on from what went out last. */
  turnAround(peak, from, to) {
    let cos = 0;
    let sin = 0;
    for (const { turned, before } of this.channels) {
      cos += turned.re[peak] * before.re[peak] + turned.im[peak] * before.im[peak];
      sin += turned.im[peak] * before.re[peak] - turned.re[peak] * before.im[peak];
    }
    const size = Math.hypot(cos, sin);
    const isNothing = size < NOTHING;
    for (const channel of this.channels) channel.turn(from, to, isNothing ? 1 : cos / size, isNothing ? 0 : sin / size);
  }
}
