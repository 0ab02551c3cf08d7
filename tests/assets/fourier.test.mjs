import assert from "node:assert/strict";
import test from "node:test";

import { createTransform } from "../../assets/core/fourier.mjs";

/** By the definition. */
function slow(re, im) {
  const n = re.length;
  return Array.from({ length: n }, (_, k) => {
    let [x, y] = [0, 0];
    for (let t = 0; t < n; t += 1) {
      const angle = (-2 * Math.PI * k * t) / n;
      x += re[t] * Math.cos(angle) - im[t] * Math.sin(angle);
      y += re[t] * Math.sin(angle) + im[t] * Math.cos(angle);
    }
    return [x, y];
  });
}

for (const bits of [0, 1, 2, 3, 6, 7]) {
  test(`a transform of ${2 ** bits} numbers is that of the definition`, () => {
    const noise = () => Float64Array.from({ length: 2 ** bits }, (_, n) => Math.sin(n * n + 1) + 0.3 * Math.cos(5 * n));
    const [re, im] = [noise(), noise().reverse()];
    const expected = slow(re, im);
    createTransform(bits)(re, im);
    expected.forEach(([x, y], k) => {
      assert.ok(Math.abs(re[k] - x) < 1e-9, `${k}: ${re[k]} for ${x}`);
      assert.ok(Math.abs(im[k] - y) < 1e-9, `${k}: ${im[k]} for ${y}`);
    });
  });
}
