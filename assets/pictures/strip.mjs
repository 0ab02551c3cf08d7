/** Strips along a track: a line, or rows of shades. A value holds for the window that ends where it is drawn. */

const WIDTH = 1200;
const HEIGHT = 96;
const MARGIN = 6;

const cleared = (canvas, width, height) => {
  Object.assign(canvas, { width, height });
  return canvas.getContext("2d");
};

/** Where values stand, 0 (lowest) to 1, in a strip whose ends hold `low` and `high`. */
export const heights = (values, low, high) => values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));

/** A line of `{ values, low, high }`; `ends` in samples of `nSamples`. */
export function drawLine(canvas, { values, low, high }, ends, nSamples, colour) {
  const context = cleared(canvas, WIDTH, HEIGHT);
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.beginPath();
  heights(values, low, high).forEach((height, place) => {
    context.lineTo((WIDTH * ends[place]) / nSamples, HEIGHT - MARGIN - height * (HEIGHT - 2 * MARGIN));
  });
  context.stroke();
}

/** How dark each cell is, 0 to 1; each row by its own range where `isByRow`. */
export function shadesOf(rows, isByRow) {
  const nBands = rows[0]?.length ?? 0;
  const extremes = Array.from({ length: nBands }, (_, band) => {
    const values = rows.map((row) => row[band]);
    return isByRow ? [Math.min(...values), Math.max(...values)] : [0, 1];
  });
  return rows.map((row) => row.map((value, band) => (value - extremes[band][0]) / (extremes[band][1] - extremes[band][0] || 1)));
}

/** Rows of shades: a row of `rows` for each window, its first number in the lowest row (or, turned, the highest). */
export function drawShades(canvas, rows, ends, nSamples, colour, { isByRow = false, isTurned = false } = {}) {
  const nBands = rows[0]?.length ?? 1;
  const context = cleared(canvas, WIDTH, nBands * 6);
  context.fillStyle = colour;
  shadesOf(rows, isByRow).forEach((row, place) => {
    const right = (WIDTH * ends[place]) / nSamples;
    const left = place ? (WIDTH * ends[place - 1]) / nSamples : right - (WIDTH * (ends[1] - ends[0] || 1)) / nSamples;
    row.forEach((shade, band) => {
      context.globalAlpha = Math.max(0, Math.min(1, shade)) ** 1.5;
      context.fillRect(left, (isTurned ? band : nBands - 1 - band) * 6, right - left + 0.5, 6);
    });
  });
}
