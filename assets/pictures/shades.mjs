/** Levels as colours: the theme's scale from quiet to loud. */

/** `#rrggbb` as three numbers. */
const rgb = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

/** A table of 256 colours along a scale of `[position, colour]`. */
export function shades(scale) {
  return Array.from({ length: 256 }, (_, index) => {
    const at = index / 255;
    const next = Math.max(1, scale.findIndex(([position]) => position >= at));
    const [[p0, c0], [p1, c1]] = [scale[next - 1], scale[next]];
    const share = (at - p0) / (p1 - p0);
    const to = rgb(c1);
    return rgb(c0).map((value, part) => Math.round(value + share * (to[part] - value)));
  });
}

/** Paint a canvas of `columns` by `bands`, the lowest band at the foot; `shade(column, band)` is 0 (quiet) to 255. */
export function paint(canvas, { columns, bands, shade }, table) {
  if (canvas.width !== columns || canvas.height !== bands) Object.assign(canvas, { width: columns, height: bands });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, bands);
  for (let band = 0; band < bands; band += 1) {
    for (let column = 0; column < columns; column += 1) {
      const place = 4 * ((bands - 1 - band) * columns + column);
      const [red, green, blue] = table[shade(column, band)];
      image.data[place] = red;
      image.data[place + 1] = green;
      image.data[place + 2] = blue;
      image.data[place + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}
