/** Runs on the audio thread: moves the pitch by the parameter `ratio`; at a ratio of 1 it rests and is silent. */

import { PitchShifter } from "./pitch.mjs";

class Pitch extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return [{ name: "ratio", defaultValue: 1, minValue: 0.25, maxValue: 4, automationRate: "k-rate" }];
  }

  process([ins], [outs], { ratio }) {
    if (ratio[0] === 1) {
      this.shifter = null;
      return true;
    }
    if (this.shifter?.channels.length !== outs.length) this.shifter = new PitchShifter(outs.length);
    this.shifter.process(ins, outs, ratio[0]);
    return true;
  }
}

registerProcessor("pitch", Pitch);
