/** For test_whatif.py: moves the pitch of float32 samples from standard input, from each of the given samples on. */

import { readFileSync } from "node:fs";
import { PitchShifter } from "../../assets/whatif/pitch.mjs";

const [ratio, ...starts] = process.argv.slice(2).map(Number);
const bytes = readFileSync(0);
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
for (const start of starts) {
  const shifter = new PitchShifter(1);
  const out = new Float32Array(samples.length);
  for (let at = start; at + 128 <= samples.length; at += 128) {
    shifter.process([samples.subarray(at, at + 128)], [out.subarray(at, at + 128)], ratio);
  }
  process.stdout.write(new Uint8Array(out.buffer));
}
