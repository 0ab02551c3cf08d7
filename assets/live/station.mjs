/**
 * Plays a station's sound as it comes, each piece at its place in the stream, so that the scores may follow the sound by
 * one clock: the samples that have been played.
 */

const FULL_SCALE = 32768;
const FIRST_WAIT_SECONDS = 0.5; // So much is there before it plays, at first and after it ran dry.
const MOST_WAITING_SECONDS = 60;

/** 16-bit samples, channels interleaved, as one channel. */
export function mixed(pcm, channels) {
  if (channels === 1) return pcm;
  return Int16Array.from({ length: pcm.length / channels }, (_, place) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += pcm[place * channels + channel];
    return Math.round(sum / channels);
  });
}

/** `form`: `{ sample_rate, channels }`; `Context` is the browser's AudioContext. */
export function createStation(form, Context = AudioContext) {
  const { sample_rate: rate, channels } = form;
  const context = new Context({ sampleRate: rate, latencyHint: "playback" });
  const gain = context.createGain();
  gain.connect(context.destination);
  let origin = null; // The context's time at which the stream's first sample plays.
  let end = 0; // Samples that have come, those that are missing included.
  let cameAt = 0;
  let waiting = []; // What has come and was not heard yet: `{ end, pcm }`.
  let heard = 0;

  const output = () => context.outputLatency || context.baseLatency || 0;
  const seconds = () => {
    if (origin !== null) heard = Math.max(heard, Math.min(end / rate, context.currentTime - origin - output()));
    return heard;
  };
  const play = (pcm) => {
    const n = pcm.length / channels;
    const buffer = context.createBuffer(channels, n, rate);
    for (let channel = 0; channel < channels; channel += 1) {
      const samples = buffer.getChannelData(channel);
      for (let place = 0; place < n; place += 1) samples[place] = pcm[place * channels + channel] / FULL_SCALE;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(gain);
    source.start(origin + end / rate);
  };

  return {
    rate,
    get isBlocked() {
      return context.state === "suspended";
    },
    /** Whether everything that has come has been heard. */
    get isDry() {
      return origin !== null && seconds() >= end / rate;
    },
    start: () => context.resume(),
    stop() {
      waiting = [];
      if (context.state !== "closed") context.close();
    },
    setVolume(level) {
      gain.gain.value = level;
    },
    /** Take what came; false if far too much waits to be heard. */
    add(content, now = performance.now()) {
      if (context.state === "closed") return true; // What was on its way when it was stopped.
      const pcm = new Int16Array(content);
      cameAt = now;
      seconds(); // What has been heard stays heard, also where the origin moves.
      if (origin === null || context.currentTime > origin + end / rate) {
        origin = context.currentTime + FIRST_WAIT_SECONDS - end / rate;
      }
      play(pcm);
      end += pcm.length / channels;
      waiting.push({ end, pcm: mixed(pcm, channels) });
      return end / rate - seconds() < MOST_WAITING_SECONDS;
    },
    /** What comes next lies at this sample: what is missing in between is silence. */
    advanceTo(sample) {
      if (sample <= end) return;
      waiting.push({ end: sample, pcm: new Int16Array(sample - end) });
      end = sample;
    },
    /** Where the stream is by now, to take it up again there. */
    place: (now = performance.now()) => end + (cameAt ? Math.round(((now - cameAt) / 1000) * rate) : 0),
    seconds,
    /** Hand on what has been heard since: `hear(pcm)`. */
    drain(hear) {
      const until = seconds() * rate;
      while (waiting.length && waiting[0].end <= until) hear(waiting.shift().pcm);
    },
  };
}
