/** What a timeline draws, computed from the scores alone: columns of a stacked area, and where its names go. */

/**
 * Scores as columns, at most `most` of them, each the mean of the windows that fall into it (an hour is a shape then and
 * not a comb). Gives `{ ends, shares, unsure }`: the time in seconds at which each column ends, the share of each genre
 * in each column (`shares[genre][column]`; a silent window has none), and whether most of its windows were unsure.
 */
export function columnsOf({ windows, rate }, nGenres, most) {
  const size = Math.max(1, Math.ceil(windows.length / most));
  const ends = [];
  const unsure = [];
  const shares = Array.from({ length: nGenres }, () => []);
  for (let from = 0; from < windows.length; from += size) {
    const some = windows.slice(from, from + size);
    ends.push(some.at(-1).end / rate);
    unsure.push(2 * some.filter(({ state }) => state === "unsure").length > some.length);
    for (let genre = 0; genre < nGenres; genre += 1) {
      const sum = some.reduce((total, { state, p }) => total + (state === "silence" ? 0 : p[genre]), 0);
      shares[genre].push(sum / some.length);
    }
  }
  return { ends, shares, unsure };
}

/** Lower and upper edge of each genre's area; the last genre lies at the bottom. With `alone`, only that one, from 0. */
export function edgesOf(shares, alone = -1) {
  const n = shares[0]?.length ?? 0;
  const edges = shares.map(() => ({ low: new Float64Array(n), high: new Float64Array(n) }));
  for (let column = 0; column < n; column += 1) {
    let level = 0;
    for (let genre = shares.length - 1; genre >= 0; genre -= 1) {
      const share = alone < 0 || genre === alone ? shares[genre][column] : 0;
      edges[genre].low[column] = level;
      level += share;
      edges[genre].high[column] = level;
    }
  }
  return edges;
}

/** Number of the genre whose area holds a level of 0 to 1 in a window; -1 in silence, above all and below. */
export function genreAt(window, level) {
  if (!window || window.state === "silence" || level < 0) return -1;
  let top = 0;
  for (let genre = window.p.length - 1; genre >= 0; genre -= 1) {
    top += window.p[genre];
    if (level <= top) return genre;
  }
  return -1;
}

/**
 * The borders between areas, as one line with gaps (nulls): `{ x, y }`. A border is drawn where an area beside it is at
 * least `least` thick (a share); thin areas on end would be all border.
 */
export function outlinesOf({ ends, edges }, least) {
  const x = [];
  const y = [];
  const isThick = (edge, column) => edge !== undefined && edge.high[column] - edge.low[column] >= least;
  edges.forEach((edge, genre) => {
    let isOpen = false;
    ends.forEach((seconds, column) => {
      const isDrawn = edge.high[column] > 0 && (isThick(edge, column) || isThick(edges[genre - 1], column));
      if (isDrawn || isOpen) {
        x.push(seconds);
        y.push(isDrawn ? edge.high[column] : null);
      }
      isOpen = isDrawn;
    });
    if (isOpen) {
      x.push(ends.at(-1));
      y.push(null);
    }
  });
  return { x, y };
}

const NEARLY = 0.8;

/**
 * Where names fit: `{ genre, seconds, level }`, one for each stretch in which a genre's area holds a name of
 * `widths[genre]` seconds and of `height` (a share), at the first place that is nearly as thick as its thickest: the name
 * is then read early.
 */
export function labelsOf({ ends, edges }, { widths, height }) {
  return edges.flatMap((edge, genre) => placesOf(ends, edge, widths[genre], height).map((place) => ({ genre, ...place })));
}

function early(places) {
  const thickest = Math.max(...places.map(({ thickness }) => thickness));
  return places.find(({ thickness }) => thickness >= NEARLY * thickest);
}

function placesOf(ends, { low, high }, width, height) {
  const places = [];
  let fitting = [];
  let from = 0;
  let to = 0;
  ends.forEach((seconds, column) => {
    while (ends[from] < seconds - width / 2) from += 1;
    while (to < ends.length && ends[to] <= seconds + width / 2) to += 1;
    const isInside = seconds - width / 2 >= ends[0] && seconds + width / 2 <= ends.at(-1);
    const bottom = Math.max(...low.subarray(from, to));
    const top = Math.min(...high.subarray(from, to));
    if (isInside && top - bottom >= height) {
      fitting.push({ seconds, level: (top + bottom) / 2, thickness: top - bottom });
    } else if (fitting.length && high[column] - low[column] < height) {
      places.push(early(fitting));
      fitting = [];
    }
  });
  if (fitting.length) places.push(early(fitting));
  return places.map(({ seconds, level }) => ({ seconds, level }));
}
