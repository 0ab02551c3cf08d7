/** Runs on the audio thread: moves the pitch by the parameter `ratio`. */

import { PitchShifter } from "./pitch.mjs";

class Pitch extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return [{ name: "ratio", defaultValue: 1, minValue: 0.25, maxValue: 4, automationRate: "k-rate" }];
  }

  process([ins], [outs], { ratio }) {
    if (this.shifter?.kept.length !== outs.length) this.shifter = new PitchShifter(outs.length);
    this.shifter.process(ins, outs, ratio[0]);
    return true;
  }
}

registerProcessor("pitch", Pitch);
