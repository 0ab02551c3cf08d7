/** The player's buttons and sliders around the native audio element, which owns all state of playing. */

import { byId, el, setText } from "../core/dom.mjs";
import { clock, clockTenths, number, spoken } from "../core/format.mjs";
import { setIcon } from "../core/icons.mjs";
import { recall, remember } from "../core/preferences.mjs";
import { text, told } from "../core/texts.mjs";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const SEEK_STEPS = 1000;
const STALLED_MS = 250; // A shorter wait is not worth a sign.

const decimalsOf = (value) => String(value).split(".")[1]?.length ?? 0;
const fill = (range) => range.style.setProperty("--fill", `${(100 * range.value) / range.max}%`);

/** `onPlay` and `onSeek(seconds)` are what the hand asks for. */
export function createPlayer(audio, { onPlay, onSeek }) {
  const play = byId("play");
  const elapsed = byId("elapsed");
  const message = byId("player-message");
  const titles = byId("track-titles");
  const warnings = byId("track-warnings"); // What is odd about the file.
  let duration = 0;
  let stalled = 0;
  let said = -1;

  const seek = el("input", {
    type: "range",
    min: 0,
    max: SEEK_STEPS,
    step: 1,
    value: 0,
    class: "slider",
    disabled: true,
    "aria-label": text("player.position"),
    "data-seek": "true",
    oninput: () => onSeek((seek.value / SEEK_STEPS) * duration),
  });
  const volume = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    value: 1,
    class: "slider",
    "aria-label": text("player.volume"),
    oninput: () => {
      audio.muted = false;
      audio.volume = Number(volume.value);
    },
  });
  const speed = el(
    "select",
    { class: "select", "aria-label": text("player.speed"), onchange: () => setSpeed(Number(speed.value)) },
    ...SPEEDS.map((rate) => el("option", { value: rate, selected: rate === 1 }, `${number(rate, decimalsOf(rate))}\u00d7`)),
  );
  byId("seek").append(seek);
  byId("volume").append(volume);
  byId("speed").append(speed);

  const setSpeed = (rate) => {
    audio.defaultPlaybackRate = rate; // Survives the load of another track.
    audio.playbackRate = rate;
    remember("speed", rate);
  };
  const restore = () => {
    const rate = Number(recall("speed"));
    if (SPEEDS.includes(rate)) {
      speed.value = String(rate);
      setSpeed(rate);
    }
    const level = recall("volume");
    if (level !== null && Number(level) >= 0 && Number(level) <= 1) audio.volume = Number(level);
    audio.muted = recall("muted") === "true";
  };

  const showPlaying = () => {
    const name = audio.ended ? "replay" : audio.paused ? "play" : "pause";
    setIcon(play, name);
    play.setAttribute("aria-label", { replay: text("player.play_again"), play: text("player.play"), pause: text("player.pause") }[name]);
    play.dataset.playing = String(name === "pause");
  };
  const showVolume = () => {
    const silent = audio.muted || audio.volume === 0;
    const mute = byId("mute");
    setIcon(mute, silent ? "muted" : "volume");
    mute.setAttribute("aria-label", silent ? text("player.unmute") : text("player.mute"));
    mute.setAttribute("aria-pressed", String(silent));
    volume.value = String(audio.muted ? 0 : audio.volume);
    fill(volume);
    remember("volume", audio.volume);
    remember("muted", audio.muted);
  };
  const notStalled = () => {
    clearTimeout(stalled);
    play.classList.remove("stalled");
  };

  play.addEventListener("click", onPlay);
  const mute = () => {
    if (!audio.muted && audio.volume === 0) audio.volume = 1;
    else audio.muted = !audio.muted;
  };
  byId("mute").addEventListener("click", mute);
  for (const name of ["play", "pause", "ended", "seeked", "emptied"]) audio.addEventListener(name, showPlaying);
  audio.addEventListener("volumechange", showVolume);
  audio.addEventListener("waiting", () => {
    clearTimeout(stalled);
    stalled = setTimeout(() => play.classList.add("stalled"), STALLED_MS);
  });
  for (const name of ["playing", "canplay", "pause", "emptied", "error"]) audio.addEventListener(name, notStalled);
  audio.addEventListener("playing", () => setText(message, ""));

  restore();
  showPlaying();
  showVolume();
  return {
    setTrack(track, seconds, sentence) {
      duration = seconds;
      said = -1;
      titles.replaceChildren(
        el("span", { class: "track-title" }, track.title),
        el("span", { class: "track-about" }, sentence),
      );
      warnings.replaceChildren(...track.warnings.map(({ code, detail }) => el("li", {}, told(`warning.${code}`, detail))));
      warnings.hidden = !track.warnings.length;
      setText(message, "");
      setText(byId("duration"), clock(seconds));
      seek.disabled = false;
      play.disabled = false;
    },
    retitle: (title) => setText(titles.querySelector(".track-title"), title),
    say: (sentence) => setText(message, sentence),
    mute,
    louder(by) {
      audio.muted = false;
      audio.volume = Math.min(1, Math.max(0, Math.round(100 * (audio.volume + by)) / 100));
    },
    /** The time at which another tenth of a second is shown. */
    next: (seconds) => (Math.floor(seconds * 10) + 1) / 10,
    /** Draw the playhead's time; tenths of a second are enough for eyes, seconds for a screen reader. */
    show(seconds) {
      const time = clockTenths(seconds);
      if (elapsed.textContent === time) return;
      elapsed.textContent = time;
      seek.value = String(Math.round((seconds / duration) * SEEK_STEPS));
      fill(seek);
      if (Math.floor(seconds) !== said) {
        said = Math.floor(seconds);
        seek.setAttribute("aria-valuetext", text("time.of", { time: spoken(seconds), duration: spoken(duration) }));
      }
    },
  };
}
