/** The moment in musicians' words: strips of the whole track, the values at the playhead, and where these lie. */

import * as api from "../core/api.mjs";
import { byId, setText } from "../core/dom.mjs";
import { clockTenths, number } from "../core/format.mjs";
import { sentenceCase, text } from "../core/texts.mjs";
import { onTheme } from "../core/theme.mjs";
import { placeWords, speaksWords } from "./wording.mjs";
import { drawLine, drawShades } from "../pictures/strip.mjs";

const NONE = "\u2013";
const BLANK = "\u00a0";
const AHEAD = 2; // Windows asked for before they are heard.
const MOST_KEPT = 100;
const STRIP_WINDOWS = [12, 60]; // A rough strip is there in a fifth of the time of a fine one.
const TYPICAL = 0.25; // Within this of the middle a track is like most.

const DECIMALS = { loudness: 1, noisiness: 1 };
const numberOf = (name, value) => number(value, DECIMALS[name] ?? 0);

/** `listener` knows which window has been heard. */
export function createWords(config, listener) {
  const look = byId("look-words");
  const problem = byId("words-problem");
  const names = new Map(config.genres.map(({ id, spoken }) => [id, spoken]));
  const spoken = (genre) => names.get(genre) ?? genre;
  const rows = new Map(
    [...look.querySelectorAll(".measure")].map((row) => [
      row.dataset.measure,
      {
        value: row.querySelector(".measure-value"),
        place: row.querySelector(".measure-place"),
        canvas: row.querySelector("canvas"),
      },
    ]),
  );
  const notes = [...look.querySelectorAll("[data-note]")].map((item) => [item.dataset.note, item.querySelector(".note-bar")]);
  const [noteStrip, timbreStrip] = [".of-notes canvas", ".of-timbre canvas"].map((each) => look.querySelector(each));
  const cells = [...look.querySelectorAll(".shares tbody tr")].map((row) => [
    row.dataset.genre,
    [...row.querySelectorAll("td")].map((cell) => [cell.dataset.measure, cell]),
  ]);
  let isOpen = false;
  let track = null;
  let drawn = null; // Number of the window that is shown.
  let strips = null;
  let kept = new Map();
  let abort = new AbortController();

  const complain = (error) => {
    problem.hidden = !error;
    setText(problem, error ? text("words.no_answer", { problem: error.message }) : "");
  };

  const rest = (sentence = BLANK) => {
    delete look.dataset.end;
    setText(byId("words-head"), text("words.head"));
    setText(byId("words-speaks"), sentence);
    for (const { value, place } of rows.values()) {
      setText(value, NONE);
      setText(place, BLANK);
    }
    for (const [, bar] of notes) bar.style.transform = "scaleY(0)";
    for (const [, measures] of cells) for (const [, cell] of measures) setText(cell, NONE);
  };

  const show = (words) => {
    const { leader } = words;
    setText(byId("words-head"), leader ? text("words.head_of", { genre: spoken(leader) }) : text("words.head"));
    setText(byId("words-speaks"), leader ? speaksWords(words, spoken) || BLANK : text("words.silence"));
    const shares = new Map(words.measures.map(({ name, share_below: share }) => [name, share]));
    for (const measure of words.measures) {
      const { name, value } = measure;
      const row = rows.get(name);
      setText(row.value, numberOf(name, value));
      setText(row.place, (leader && sentenceCase(placeWords(measure, leader, spoken))) || BLANK);
    }
    for (const [note, bar] of notes) bar.style.transform = `scaleY(${words.notes[note]})`;
    for (const [genre, measures] of cells) {
      for (const [name, cell] of measures) {
        const share = shares.get(name)[genre];
        setText(cell, share === undefined || !leader ? NONE : number(100 * share));
        cell.classList.toggle("typical", share !== undefined && Math.abs(share - 0.5) <= TYPICAL);
      }
    }
    look.dataset.end = words.end;
  };

  const drawStrips = () => {
    if (!strips) return;
    const style = getComputedStyle(look);
    const [line, shade] = ["--accent", "--wave"].map((name) => style.getPropertyValue(name).trim());
    const { ends, measures } = strips;
    const nSamples = track.duration_samples;
    for (const each of measures) drawLine(rows.get(each.name).canvas, each, ends, nSamples, line);
    drawShades(noteStrip, strips.notes, ends, nSamples, shade);
    drawShades(timbreStrip, strips.timbre, ends, nSamples, shade, { isByRow: true, isTurned: true });
    look.dataset.strips = track.id;
  };

  const fetched = (index) => {
    if (!kept.has(index)) {
      const answer = api.words(track.id, index, config.hopSeconds, abort.signal);
      answer.catch(() => kept.delete(index)); // Asked again when it is needed again.
      kept.set(index, answer);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(index);
  };

  const load = () => {
    const { signal } = abort;
    api.attempt(
      signal,
      async () => {
        for (const most of STRIP_WINDOWS) {
          strips = await api.strips(track.id, most, signal);
          drawStrips();
        }
      },
      complain,
    );
  };

  const forget = () => {
    abort.abort();
    abort = new AbortController();
    kept = new Map();
    strips = null;
    drawn = null;
    delete look.dataset.strips;
    for (const canvas of look.querySelectorAll("canvas")) canvas.width = 1;
    complain(null);
    rest();
  };

  onTheme(drawStrips);

  return {
    open() {
      isOpen = true;
    },
    close() {
      isOpen = false;
      abort.abort();
      abort = new AbortController();
      drawn = null;
    },
    setTrack(next) {
      if (track?.id === next.id && strips) return;
      track = next;
      forget();
      load();
    },
    async follow(time) {
      if (!isOpen || !track) return;
      const index = listener.at(time);
      if (index === drawn) return;
      drawn = index;
      if (!listener.window(index)) {
        rest(text("words.first_window", { time: clockTenths(config.windowSeconds) }));
        return;
      }
      const { signal } = abort;
      await api.attempt(
        signal,
        async () => {
          const words = await fetched(index);
          if (drawn !== index) return;
          complain(null);
          show(words);
        },
        complain,
      );
      for (let next = index + 1; next <= index + AHEAD && !signal.aborted; next += 1) if (listener.window(next)) fetched(next);
    },
  };
}
