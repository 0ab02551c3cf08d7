/**
 * What if: knobs change the sound that is heard, and the last window is scored as it sounds changed, beside its scores as
 * it is. Nothing is changed while the panel is closed.
 */

import { byId, el, setBar, setText } from "../core/dom.mjs";
import { score as decimals } from "../core/format.mjs";
import { createChain, prepare, ratesOf } from "../whatif/chain.mjs";
import { changedIn, KNOBS, OFF, sentenceOf, wordsOf } from "../whatif/knobs.mjs";
import { render, score } from "../whatif/score.mjs";
import { createStretches } from "../whatif/stretch.mjs";
import * as api from "../core/api.mjs";
import { text } from "../core/texts.mjs";

const NONE = "\u2013";

const fill = (range) => range.style.setProperty("--fill", `${(100 * (range.value - range.min)) / (range.max - range.min)}%`);

/** `output` gives where the sound goes; `listener` knows which window has been heard. */
export function createWhatIf(config, audio, listener, output) {
  const look = byId("look-what-if");
  const problem = byId("what-if-problem");
  const verdict = byId("what-if-verdict");
  const onSwitch = byId("what-if-on");
  const reset = byId("what-if-reset");
  const names = new Map(config.genres.map(({ id, spoken }) => [id, spoken]));
  const rows = [...byId("what-if-table").querySelectorAll("tbody tr")].map((row) => ({
    genre: row.dataset.genre,
    plain: [row.querySelector(".bar.of-plain"), row.querySelector("td.of-plain")],
    changed: [row.querySelector(".bar.of-changed"), row.querySelector("td.of-changed")],
  }));
  let values = { ...OFF };
  let isOpen = false;
  let isOn = true;
  let chain = null; // Promised once, when a knob is first turned.
  let read = null; // Stretches of the current track.
  let index = null; // The window that is scored.
  let work = null; // What is under way; one at a time.
  let isStale = false; // Something has changed since it began.
  let abort = new AbortController();

  const isChanged = () => changedIn(values).length > 0;
  const isHeard = () => isOpen && isOn && isChanged();

  const complain = (error) => {
    problem.hidden = !error;
    setText(problem, error ? text("what_if.problem", { problem: error.message }) : "");
  };

  /** Put the treatment into what is heard, or take it out. */
  const treat = async () => {
    const { defaultPlaybackRate: speed } = audio;
    if (!chain && !isHeard()) return;
    const { context, treat: lead } = output();
    chain ??= prepare(context).then(() => createChain(context, { hasPitch: true }));
    const made = await chain;
    const { rate, ratio } = ratesOf(isHeard() ? values : OFF, speed);
    const movesPitch = isHeard() && (values.tempo !== OFF.tempo || values.pitch !== OFF.pitch);
    audio.preservesPitch = !movesPitch;
    if (audio.playbackRate !== rate) audio.playbackRate = rate;
    made.set(values, movesPitch ? ratio : 1);
    lead(isHeard() ? made : null);
    look.dataset.heard = isHeard() ? "changed" : "plain";
  };

  const drawRow = ([bar, cell], p) => {
    setBar(bar, p ?? 0);
    setText(cell, p === null || p === undefined ? NONE : decimals(p));
  };
  const drawPlain = () => {
    const window = listener.window(index);
    const p = window && window.state !== "silence" ? window.p : null;
    rows.forEach((row, place) => drawRow(row.plain, p?.[place]));
  };
  const drawChanged = (scored) => {
    const p = scored && scored.state !== "silence" ? scored.probabilities : null;
    rows.forEach((row) => drawRow(row.changed, p?.[row.genre]));
  };

  const nameOf = (state, genre) => (state === "music" ? names.get(genre) ?? genre : text(`state.${state}`));
  const say = (scored) => {
    const window = listener.window(index);
    if (!scored || !window) {
      setText(verdict, isChanged() ? "\u00a0" : text("what_if.hint"));
      return;
    }
    const topOf = (p) => config.genres[p.indexOf(Math.max(...p))].id;
    const plain = nameOf(window.state, topOf(window.p));
    const changed = nameOf(scored.state, scored.genre);
    const how = sentenceOf(values);
    const said = plain === changed ? text("what_if.still", { now: changed, how }) : text("what_if.from_to", { before: plain, now: changed, how });
    setText(verdict, said);
  };

  const scoreOnce = async () => {
    const { signal } = abort;
    const window = listener.window(index);
    const asked = { ...values };
    if (!window || !changedIn(asked).length) {
      drawChanged(null);
      say(null);
      return;
    }
    await api.attempt(
      signal,
      async () => {
        const heard = await render(read, window.end / listener.rate, config.windowSeconds, asked, signal);
        const scored = await score(heard, signal);
        signal.throwIfAborted();
        complain(null);
        drawChanged(scored);
        say(scored);
        look.dataset.end = window.end;
        look.dataset.scored = JSON.stringify(asked);
      },
      complain,
    );
  };

  /** Score the window with the knobs as they are; what changes meanwhile is scored right after. */
  const rescore = async () => {
    isStale = true;
    if (work || !isOpen) return;
    while (isStale && isOpen) {
      isStale = false;
      work = scoreOnce();
      await work;
    }
    work = null;
  };

  const knobs = KNOBS.map((knob) => {
    const isSwitch = knob.name === "mono";
    const mount = look.querySelector(`[data-knob="${knob.name}"] .knob-mount`);
    const input = el("input", {
      type: isSwitch ? "checkbox" : "range",
      id: `knob-${knob.name}`,
      class: isSwitch ? "knob-check" : "slider",
      ...(isSwitch ? {} : { min: knob.low, max: knob.high, step: knob.step }),
      oninput: () => turn({ ...values, [knob.name]: isSwitch ? Number(input.checked) : Number(input.value) }),
    });
    mount.append(input);
    const show = () => {
      const value = values[knob.name];
      if (isSwitch) input.checked = Boolean(value);
      else {
        input.value = String(value);
        input.setAttribute("aria-valuetext", wordsOf(knob, value));
        fill(input);
      }
      setText(byId(`knob-${knob.name}-value`), wordsOf(knob, value));
      mount.parentElement.classList.toggle("turned", value !== knob.off);
    };
    return { show };
  });

  const show = () => {
    for (const knob of knobs) knob.show();
    reset.disabled = !isChanged();
    onSwitch.setAttribute("aria-checked", String(isOn));
  };
  const turn = (next) => {
    values = next;
    look.dataset.knobs = JSON.stringify(values);
    if (isChanged()) isOn = true;
    show();
    treat();
    rescore();
  };
  const flip = () => {
    if (!isOpen) return;
    isOn = !isOn;
    show();
    treat();
  };

  onSwitch.addEventListener("click", flip);
  reset.addEventListener("click", () => turn({ ...OFF }));
  for (const name of ["ratechange", "loadedmetadata"]) {
    audio.addEventListener(name, () => isHeard() && treat());
  }
  show();
  say(null);

  return {
    /** Hear it changed, or as it is. */
    flip,
    open() {
      isOpen = true;
      treat();
      rescore();
    },
    close() {
      isOpen = false;
      abort.abort();
      abort = new AbortController();
      treat();
    },
    setTrack({ id }) {
      abort.abort();
      abort = new AbortController();
      read = createStretches(id);
      index = null;
      drawPlain();
      drawChanged(null);
      say(null);
    },
    follow(time) {
      if (!isOpen) return;
      const now = listener.at(time);
      if (now === index) return;
      index = now;
      drawPlain();
      rescore();
    },
  };
}
