/** The Fourier transform of 2 ** bits complex numbers (Cooley and Tukey, 1965), two halvings at a time. */

/** Where each number goes so that halving leads to neighbours: its place with the bits in reverse. */
const reversedPlaces = (bits) =>
  Uint32Array.from({ length: 2 ** bits }, (_, place) => {
    let turned = 0;
    for (let bit = 0; bit < bits; bit += 1) turned |= ((place >> bit) & 1) << (bits - 1 - bit);
    return turned;
  });

/** Gives `transform(re, im)`, which works in place on Float64Arrays of 2 ** `bits` numbers; forwards, and not scaled. */
export function createTransform(bits) {
  const n = 2 ** bits;
  const reversed = reversedPlaces(bits);
  const turns = []; // For each size of a quarter: the turns of its numbers, cosine and sine, in the order of use.
  for (let quarter = 2 ** (bits % 2); quarter < n; quarter *= 4) {
    const angle = (k) => (-2 * Math.PI * k) / (4 * quarter);
    const cos = Float64Array.from({ length: quarter }, (_, k) => Math.cos(angle(k)));
    const sin = Float64Array.from({ length: quarter }, (_, k) => Math.sin(angle(k)));
    turns.push({ quarter, cos, sin });
  }

  const order = (re, im) => {
    for (let place = 0; place < n; place += 1) {
      const other = reversed[place];
      if (other <= place) continue;
      const x = re[place];
      const y = im[place];
      re[place] = re[other];
      im[place] = im[other];
      re[other] = x;
      im[other] = y;
    }
  };
  const halve = (re, im) => {
    for (let a = 0; a < n; a += 2) {
      const x = re[a + 1];
      const y = im[a + 1];
      re[a + 1] = re[a] - x;
      im[a + 1] = im[a] - y;
      re[a] += x;
      im[a] += y;
    }
  };
  const quarterTogether = (re, im, { quarter, cos, sin }) => {
    for (let start = 0; start < n; start += 4 * quarter) {
      for (let k = 0; k < quarter; k += 1) {
        const a = start + k;
        const b = a + quarter;
        const c = b + quarter;
        const d = c + quarter;
        const c1 = cos[k];
        const s1 = sin[k];
        const c2 = c1 * c1 - s1 * s1;
        const s2 = 2 * c1 * s1;
        const bx = re[b] * c2 - im[b] * s2;
        const by = re[b] * s2 + im[b] * c2;
        const dx = re[d] * c2 - im[d] * s2;
        const dy = re[d] * s2 + im[d] * c2;
        const ax = re[a] + bx;
        const ay = im[a] + by;
        const ex = re[a] - bx;
        const ey = im[a] - by;
        const gx = re[c] + dx;
        const gy = im[c] + dy;
        const hx = re[c] - dx;
        const hy = im[c] - dy;
        const cx = gx * c1 - gy * s1;
        const cy = gx * s1 + gy * c1;
        const fx = hx * s1 + hy * c1; // Turned a quarter further back than c.
        const fy = hy * s1 - hx * c1;
        re[a] = ax + cx;
        im[a] = ay + cy;
        re[b] = ex + fx;
        im[b] = ey + fy;
        re[c] = ax - cx;
        im[c] = ay - cy;
        re[d] = ex - fx;
        im[d] = ey - fy;
      }
    }
  };

  return (re, im) => {
    order(re, im);
    if (bits % 2) halve(re, im);
    for (const turn of turns) quarterTogether(re, im, turn);
  };
}
