/** The map as a drawing: known tracks as dots, genres by name in their midst, tracks of the page as rings, the playing one. */

import { text } from "../core/texts.mjs";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 720;
const HEIGHT = 480;
const MARGIN = 28;
const CLEAR = 0.5; // Of the drawing's units: names this little over each other can be read.
const MOST_ROUNDS = 100;
const TAIL = 24; // Windows behind the playing track that are still seen.

/** Make an element of a drawing. */
function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** From the map's coordinates to the drawing's, so that all `positions` lie within its margins; one scale for both axes. */
export function projection(positions) {
  const [xs, ys] = [0, 1].map((axis) => positions.map((position) => position[axis]));
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const extent = (values) => Math.max(...values) - Math.min(...values) || 1;
  const scale = Math.min((WIDTH - 2 * MARGIN) / extent(xs), (HEIGHT - 2 * MARGIN) / extent(ys));
  const [x0, y0] = [middle(xs), middle(ys)];
  return ([x, y]) => [WIDTH / 2 + scale * (x - x0), HEIGHT / 2 - scale * (y - y0)];
}

/**
 * How far down each box must go so that none covers another or one of the `fixed`; two that do part by half of it each.
 * A box is `{ x, y, width, height }`.
 */
export function parted(boxes, fixed = []) {
  const all = [...fixed, ...boxes];
  const down = all.map(() => 0);
  const part = (one, other) => {
    const [{ x: x1, y: y1, width: w1, height: h1 }, { x: x2, y: y2, width: w2, height: h2 }] = [all[one], all[other]];
    if (Math.min(x1 + w1, x2 + w2) <= Math.max(x1, x2)) return false;
    const below = y1 + down[one] + h1 / 2 - (y2 + down[other] + h2 / 2);
    const covered = (h1 + h2) / 2 - Math.abs(below);
    if (covered <= CLEAR) return false;
    const way = below < 0 ? -covered : covered;
    if (other < fixed.length) down[one] += way;
    else {
      down[one] += way / 2;
      down[other] -= way / 2;
    }
    return true;
  };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let hasMoved = false;
    for (let one = fixed.length; one < all.length; one += 1) {
      for (let other = 0; other < one; other += 1) hasMoved = part(one, other) || hasMoved;
    }
    if (!hasMoved) break;
  }
  return down.slice(fixed.length);
}

/** Where a track is at a time: between the last window that has ended and the next, so that it moves and does not jump. */
export function between(windows, sample) {
  const next = windows.findIndex(({ end }) => end > sample);
  const last = next < 0 ? windows.length - 1 : next - 1;
  const from = windows[last]?.position;
  const to = windows[next]?.position;
  if (!from || !to) return { last, position: from ?? null };
  const share = (sample - windows[last].end) / (windows[next].end - windows[last].end);
  return { last, position: [0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis])) };
}

/** `genres`: `{ id, label, colour }`. Gives `{ setMap, setTracks, setPath, follow }`. */
export function createMap(mount, genres) {
  const layers = ["known", "names", "tail", "tracks", "playing"].map((name) => drawn("g", { class: `map-${name}` }));
  const [known, names, tail, tracks, playing] = layers;
  mount.append(drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": text("map.label") }, ...layers));
  const colours = new Map(genres.map(({ id, colour }) => [id, colour]));
  const labels = new Map(genres.map(({ id, label }) => [id, label]));
  const dot = drawn("circle", { r: 9, class: "map-dot" });
  playing.append(dot);
  playing.style.display = "none";
  let place = null;
  let path = [];
  let shownTail = null;

  const boxOf = (words) => {
    const { x, y, width, height } = words.getBBox();
    const { e, f } = words.parentElement.transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    return { x: x + e, y: y + f, width, height };
  };
  const move = (words, fixed) => {
    const down = parted(words.map(boxOf), fixed);
    words.forEach((each, index) => down[index] && each.setAttribute("dy", down[index].toFixed(1)));
  };
  /** Part what covers each other, genres first; how large words are changes with the width of the page. */
  const partWords = () => {
    const [genreNames, titles] = [names, tracks].map((layer) => [...layer.querySelectorAll("text")]);
    for (const words of [...genreNames, ...titles]) words.removeAttribute("dy");
    move(genreNames, []);
    move(titles, genreNames.map(boxOf));
  };
  new ResizeObserver(partWords).observe(mount);

  const drawTail = (last) => {
    if (last === shownTail) return;
    shownTail = last;
    const lines = [];
    for (let index = Math.max(1, last - TAIL); index <= last; index += 1) {
      const [from, to] = [path[index - 1].position, path[index].position];
      if (!from || !to) continue;
      const [[x1, y1], [x2, y2]] = [place(from), place(to)];
      lines.push(drawn("line", { x1, y1, x2, y2, "stroke-opacity": (1 - (last - index) / (TAIL + 1)).toFixed(2) }));
    }
    tail.replaceChildren(...lines);
  };

  return {
    setMap(map) {
      place = projection(map.tracks.map(({ position }) => position));
      known.replaceChildren(
        ...map.tracks.map(({ genre, position, artist, title, track }) => {
          const [cx, cy] = place(position);
          const words = artist ? `${artist}: ${title}` : track;
          return drawn("circle", { cx, cy, r: 3.5, fill: colours.get(genre) ?? "currentColor" }, drawn("title", {}, words));
        }),
      );
      names.replaceChildren(
        ...Object.entries(map.centres).map(([genre, position]) => {
          const [x, y] = place(position);
          return drawn("text", { x, y }, labels.get(genre) ?? genre);
        }),
      );
      partWords();
    },
    /** The page's other tracks: `{ title, position }`. */
    setTracks(list) {
      tracks.replaceChildren(
        ...list.map(({ title, position }) => {
          const [x, y] = place(position);
          return drawn(
            "g",
            { transform: `translate(${x} ${y})` },
            drawn("circle", { r: 7 }),
            drawn("text", { x: 12, y: 4 }, title.length > 24 ? `${title.slice(0, 23)}\u2026` : title),
          );
        }),
      );
      partWords();
    },
    /** The windows of the track that plays. */
    setPath(windows) {
      path = windows;
      shownTail = null;
      tail.replaceChildren();
      playing.style.display = "none";
    },
    /** Move on to a sample; gives the window last heard, null before the first. */
    follow(sample) {
      if (!place || !path.length) return null;
      const { last, position } = between(path, sample);
      playing.style.display = position ? "" : "none";
      if (position) {
        const [x, y] = place(position);
        dot.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      }
      drawTail(last);
      return path[last] ?? null;
    },
  };
}
