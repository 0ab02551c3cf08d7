/** The tracks to choose from: sample cards, and this visitor's uploads. */

import { byId, el } from "../core/dom.mjs";
import { clock, secondsOf } from "../core/format.mjs";
import { icon } from "../core/icons.mjs";

/** `onChoose(track)`, `onForget(track)`: what the hand asks for. */
export function createLibrary({ genres }, { onChoose, onForget }) {
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
  const name = (track) => (track.genre && track.kind === "sample" ? labelOf(track.genre) : null) ?? (track.kind === "sample" && track.sections ? "Medley" : track.title);

  const tile = (track, place) => {
    const short = name(track);
    const length = clock(secondsOf(track));
    const sample = track.kind === "sample";
    const rest = sample && short !== track.title ? track.title : "";
    const button = el(
      "button",
      {
        type: "button",
        class: "tile-button",
        title: `${track.title}, ${length}`,
        "aria-label": `${short}, ${rest ? `${rest}, ` : ""}${length}`,
        "aria-pressed": String(track.id === current),
        "aria-keyshortcuts": sample && place < 4 ? String(place + 1) : null,
        onclick: () => onChoose(track),
      },
      mark(track),
      el(
        "span",
        { class: "tile-text" },
        el("span", { class: "tile-line" }, el("span", { class: "tile-name" }, short), sample ? el("span", { class: "tile-length" }, length) : null),
        el("span", { class: "tile-about" }, sample ? rest : length),
      ),
    );
    const box = el("div", { class: "tile", "data-track": track.id, "data-kind": track.kind }, button);
    if (track.kind === "upload") {
      box.append(
        el(
          "button",
          { type: "button", class: "tile-forget", "aria-label": `Delete ${track.title}`, title: "Delete", onclick: () => onForget(track) },
          icon("close"),
        ),
      );
    }
    return box;
  };

  const draw = () => {
    const samples = tracks.filter(({ kind }) => kind === "sample");
    const uploads = tracks.filter(({ kind }) => kind === "upload");
    byId("samples").replaceChildren(el("div", { class: "tiles" }, ...samples.map(tile)));
    byId("uploads").replaceChildren(...uploads.map(tile));
  };

  return {
    set(next) {
      tracks = next;
      draw();
    },
    add(track) {
      const samples = tracks.filter(({ kind }) => kind === "sample");
      const others = tracks.filter(({ kind, id }) => kind !== "sample" && id !== track.id);
      if (samples.some(({ id }) => id === track.id)) return;
      tracks = [...samples, track, ...others];
      draw();
    },
    remove(id) {
      tracks = tracks.filter((track) => track.id !== id);
      draw();
    },
    setCurrent(id) {
      current = id;
      for (const box of document.querySelectorAll(".tile[data-track]")) {
        box.firstChild.setAttribute("aria-pressed", String(box.dataset.track === id));
        if (box.dataset.track === id && box.dataset.kind === "upload") box.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    },
    find: (id) => tracks.find((track) => track.id === id) ?? null,
    sample: (place) => tracks.filter(({ kind }) => kind === "sample")[place] ?? null,
    /** What the player says of a track beside its title. */
    about: (track) => (track.kind === "sample" ? [track.genre && labelOf(track.genre), track.licence].filter(Boolean).join(" \u00b7 ") : track.format),
  };
}
