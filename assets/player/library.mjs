/** The tracks to choose from: sample cards, and the list of this visitor's own. */

import { byId, el } from "../core/dom.mjs";
import { clock, secondsOf } from "../core/format.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";
import { createOwn } from "./own.mjs";
import { createRename } from "./rename.mjs";

/** `onChoose(track)`, `onForget(track)`, `onRenamed(track)`, `onFault(sentence, at)`: what the hand asked for. */
export function createLibrary({ genres, licences }, { onChoose, onForget, onRenamed, onFault }) {
  const colours = new Map(genres.map((genre) => [genre.id, genre.colour]));
  const labels = new Map(genres.map((genre) => [genre.id, genre.label]));
  let tracks = [];
  let current = null;

  /** One colour, or for a medley the colours of its sections in order. */
  const mark = (track) => {
    const parts = track.genre ? [track.genre] : (track.sections ?? []).map(({ genre }) => genre);
    if (!parts.length) return null;
    const stops = parts.map((genre, index) => {
      const colour = colours.get(genre) ?? "currentColor";
      return `${colour} ${(100 * index) / parts.length}% ${(100 * (index + 1)) / parts.length}%`;
    });
    const element = el("span", { class: "mark", "aria-hidden": "true" });
    element.style.backgroundImage = `linear-gradient(to bottom, ${stops.join(", ")})`;
    return element;
  };

  const labelOf = (genre) => labels.get(genre) ?? genre[0].toUpperCase() + genre.slice(1);
  const nameOf = (track) => (track.genre ? labelOf(track.genre) : track.sections ? text("library.medley") : track.title);
  const lines = (name, about, length = null) =>
    el(
      "span",
      { class: "tile-text" },
      el("span", { class: "tile-line" }, el("span", { class: "tile-name" }, name), length && el("span", { class: "tile-length" }, length)),
      el("span", { class: "tile-about" }, about),
    );

  const sampleTile = (track, place) => {
    const length = clock(secondsOf(track));
    const name = nameOf(track);
    const button = el(
      "button",
      {
        type: "button",
        class: "tile-button",
        title: `${track.title}, ${length}`,
        "aria-pressed": String(track.id === current),
        "aria-keyshortcuts": place < 4 ? `Shift+${place + 1}` : null,
        onclick: () => onChoose(track),
      },
      mark(track),
      lines(name, name === track.title ? "" : track.title, length),
    );
    return el("div", { class: "tile", "data-track": track.id, "data-kind": "sample" }, button);
  };

  const ownRow = (track) => {
    const about = `${clock(secondsOf(track))} \u00b7 ${track.format}`;
    const choose = el(
      "button",
      {
        type: "button",
        class: "tile-button",
        title: track.title,
        "aria-pressed": String(track.id === current),
        onclick: () => onChoose(track),
      },
      lines(track.title, about),
    );
    const remove = el(
      "button",
      { type: "button", class: "tile-forget", "aria-label": text("library.remove_track", { title: track.title }), title: text("library.remove"), onclick: () => onForget(track) },
      icon("close"),
    );
    const rename = createRename(track, choose, { onRenamed, onFault });
    return el("li", { class: "tile own-row", "data-track": track.id, "data-kind": "upload", "data-title": track.title }, choose, rename, remove);
  };
  const rows = new Map(); // By track; a row stays the same element while its title does.
  const rowOf = (track) => {
    const known = rows.get(track.id);
    if (known?.dataset.title === track.title) return known;
    const row = ownRow(track);
    rows.set(track.id, row);
    return row;
  };

  const own = createOwn((uploads) => {
    for (const id of rows.keys()) if (!uploads.some((track) => track.id === id)) rows.delete(id);
    return uploads.map(rowOf);
  });
  const ofKind = (kind) => tracks.filter((track) => track.kind === kind);
  const drawOwn = () => own.draw(ofKind("upload"), current);
  const draw = () => {
    byId("samples").replaceChildren(el("div", { class: "tiles" }, ...ofKind("sample").map(sampleTile)));
    drawOwn();
  };

  return {
    set(next) {
      tracks = next;
      draw();
    },
    /** Put a track first among one's own (or back where it was, `before` another). */
    add(track, before = null) {
      const samples = ofKind("sample");
      if (samples.some(({ id }) => id === track.id)) return;
      const others = ofKind("upload").filter(({ id }) => id !== track.id);
      const place = before ? others.findIndex(({ id }) => id === before) : 0;
      others.splice(place < 0 ? others.length : place, 0, track);
      tracks = [...samples, ...others];
      drawOwn();
    },
    /** Show one of one's own tracks as it is called now, where it is. */
    change(track) {
      tracks = tracks.map((known) => (known.id === track.id ? track : known));
      drawOwn();
    },
    /** Take a track out; gives the id of the one that came after it. */
    remove(id) {
      const uploads = ofKind("upload");
      const after = uploads[uploads.findIndex((track) => track.id === id) + 1]?.id ?? null;
      tracks = tracks.filter((track) => track.id !== id);
      drawOwn();
      return after;
    },
    setCurrent(id) {
      current = id;
      for (const box of document.querySelectorAll(".tile[data-track]")) {
        box.querySelector(".tile-button").setAttribute("aria-pressed", String(box.dataset.track === id));
      }
      drawOwn();
    },
    all: () => tracks,
    own,
    find: (id) => tracks.find((track) => track.id === id) ?? null,
    sample: (place) => ofKind("sample")[place] ?? null,
    /** What the player says of a track beside its title. */
    about: (track) => (track.kind === "sample" ? [track.genre && labelOf(track.genre), licences[track.licence] ?? track.licence].filter(Boolean).join(" \u00b7 ") : track.format),
  };
}
