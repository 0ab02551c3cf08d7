/** Runs on the audio thread: mixes what comes to mono and hands it on as 16-bit PCM, some 20 ms at a time. */

const CHUNK_SAMPLES = 1024;
const FULL_SCALE = 32768;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.chunk = new Int16Array(CHUNK_SAMPLES);
    this.n = 0;
  }

  process([channels]) {
    const length = channels[0]?.length ?? 128; // No channels: the source is muted, and time goes on.
    for (let place = 0; place < length; place += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[place];
      const mean = channels.length ? sum / channels.length : 0;
      this.chunk[this.n] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(mean * FULL_SCALE)));
      this.n += 1;
      if (this.n === CHUNK_SAMPLES) {
        this.port.postMessage(this.chunk, [this.chunk.buffer]);
        this.chunk = new Int16Array(CHUNK_SAMPLES);
        this.n = 0;
      }
    }
    return true;
  }
}

registerProcessor("capture", Capture);
