/** The map of genres: the playing track moves across it with a tail; beside it, the known tracks that it sounds like. */

import * as api from "../core/api.mjs";
import { byId, el, setText } from "../core/dom.mjs";
import { text } from "../core/texts.mjs";
import { createMap } from "../pictures/map.mjs";

const PATH_WINDOWS = 240;
const TRACK_WINDOWS = 12; // Of a track that is only a ring.
const MOST_RINGS = 12;
const N_ALIKE = 3;

/** `tracks()` gives the page's tracks. */
export function createTrackMap(config, tracks) {
  const look = byId("look-map");
  const problem = byId("map-problem");
  const picture = createMap(byId("map-picture"), config.genres);
  const byGenre = new Map(config.genres.map((genre) => [genre.id, genre]));
  const rings = new Map(); // Positions of tracks by id; those that have none are null.
  let isOpen = false;
  let map = null;
  let track = null;
  let path = null;
  let heard = null;
  let abort = new AbortController();

  const complain = (error) => {
    problem.hidden = !error;
    setText(problem, error ? error.message : "");
  };

  const item = ({ genre, artist, title, track: name }) => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const { label, colour } = byGenre.get(genre) ?? { label: genre, colour: "currentColor" };
    swatch.style.backgroundColor = colour;
    const words = artist ? `${artist}: ${title}` : name;
    return el("li", {}, swatch, el("span", { class: "alike-genre" }, label), el("span", { class: "alike-name" }, words));
  };
  const list = (id, nearest, nothing) =>
    byId(id).replaceChildren(
      ...(nearest.length ? nearest.slice(0, N_ALIKE).map(item) : [el("li", { class: "words" }, nothing)]),
    );
  const rest = () => {
    heard = null;
    delete look.dataset.end;
    list("map-moment", [], text("map.first_window"));
    list("map-whole", [], text("map.not_placed"));
  };

  const say = () => {
    const share = Math.round(100 * map.shares.reduce((sum, each) => sum + each, 0));
    setText(
      byId("map-words"),
      text("map.about", { n: map.tracks.length, share, names: map.has_names ? text("map.has_names") : text("map.no_names") }),
    );
  };

  const drawRings = () => {
    const shown = tracks().filter(({ id }) => id !== track?.id && rings.get(id));
    picture.setTracks(shown.map(({ id, title }) => ({ title, position: rings.get(id) })));
    look.dataset.rings = shown.length;
  };

  /** Place the page's other tracks, one after the other. */
  const placeOthers = async (signal) => {
    for (const { id } of tracks().slice(0, MOST_RINGS)) {
      if (!rings.has(id)) {
        const found = await api.embedding(id, TRACK_WINDOWS, signal).catch(() => null);
        if (signal.aborted) return;
        rings.set(id, found?.position ?? null);
      }
      drawRings();
    }
  };

  const load = () => {
    const { signal } = abort;
    api.attempt(
      signal,
      async () => {
        map ??= await api.map(signal);
        picture.setMap(map);
        say();
        path = await api.embedding(track.id, PATH_WINDOWS, signal);
        signal.throwIfAborted();
        complain(null);
        picture.setPath(path.windows);
        list("map-whole", path.nearest, text("map.silent_track"));
        look.dataset.placed = track.id;
        drawRings();
        follow(time);
        await placeOthers(signal);
      },
      complain,
    );
  };

  let time = 0;
  function follow(now) {
    time = now;
    if (!isOpen || !path) return;
    const window = picture.follow(Math.round(now * track.sample_rate));
    if (window === heard) return;
    heard = window;
    if (!window) list("map-moment", [], text("map.first_window"));
    else list("map-moment", window.nearest, text("map.silent_moment"));
    if (window) look.dataset.end = window.end;
    else delete look.dataset.end;
  }

  return {
    isGliding: true,
    open() {
      isOpen = true;
    },
    close() {
      isOpen = false;
      abort.abort();
      abort = new AbortController();
    },
    setTrack(next) {
      if (track?.id === next.id && path) {
        drawRings();
        return;
      }
      abort.abort();
      abort = new AbortController();
      track = next;
      path = null;
      time = 0;
      delete look.dataset.placed;
      picture.setPath([]);
      rest();
      load();
    },
    follow,
  };
}
