/**
 * The switch "as the network hears it": a second sound, mono at the network's rate, runs beside the first and takes over
 * by a crossfade once it is at the same place. The first stays the page's clock and owns all state of playing.
 */

import { audioUrl } from "../core/api.mjs";

export const IN_STEP_SECONDS = 0.01; // Closer cannot be heard, nor reliably be measured.
const APART_SECONDS = 0.25; // Further off, it jumps; nearer, it catches up.
const CATCH_UP_SECONDS = 0.4;
const FADE_SECONDS = 0.02;
const CHECK_MS = 100;

/** How fast the second sound must run to meet the first: its own rate when in step, at most a tenth more or less. */
export function catchUpRate(behindSeconds, rate) {
  if (Math.abs(behindSeconds) < IN_STEP_SECONDS) return rate;
  const change = Math.min(0.1, Math.max(-0.1, behindSeconds / CATCH_UP_SECONDS));
  return rate * (1 + change);
}

/** `audio` is the page's sound, `output` gives where it goes, `button` is the switch. */
export function createAsHeard(audio, output, button) {
  let on = false;
  let track = null;
  let sound = null; // The second sound and its gains, made when first asked for: until then nothing costs anything.
  let timer = 0;

  const build = () => {
    const { context, first, bus } = output();
    const second = new Audio();
    second.preload = "auto";
    const other = context.createGain();
    other.gain.value = 0;
    context.createMediaElementSource(second).connect(other).connect(bus);
    return { context, second, first, other: other.gain };
  };

  const fade = (heard) => {
    const { context, first, other } = sound;
    const now = context.currentTime;
    for (const [gain, value] of [
      [first, heard ? 0 : 1],
      [other, heard ? 1 : 0],
    ]) {
      gain.cancelScheduledValues(now);
      gain.setValueAtTime(gain.value, now);
      gain.linearRampToValueAtTime(value, now + FADE_SECONDS);
    }
    button.dataset.heard = String(heard);
  };

  const load = () => {
    const address = audioUrl(track, "heard");
    if (sound.second.src === address) return;
    sound.second.src = address;
    fade(false);
  };

  /** Keep the second sound where the first is, and let it be heard as soon as it is there. */
  const follow = () => {
    clearTimeout(timer);
    if (!on || !track) return;
    const { context, second } = sound;
    context.resume();
    load();
    second.volume = audio.volume;
    second.muted = audio.muted;
    second.preservesPitch = audio.preservesPitch;
    const behind = audio.currentTime - second.currentTime;
    if (audio.paused || audio.ended || audio.seeking || audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
      second.pause();
      second.playbackRate = audio.playbackRate;
      if (Math.abs(behind) > 0.001 && !second.seeking && second.readyState) second.currentTime = audio.currentTime;
    } else {
      if (Math.abs(behind) > APART_SECONDS && !second.seeking && second.readyState) {
        second.currentTime = audio.currentTime;
      } else second.playbackRate = catchUpRate(behind, audio.playbackRate);
      if (second.paused) second.play().catch(() => {}); // Overtaken by a pause; the next check sees to it.
      timer = setTimeout(follow, CHECK_MS);
    }
    const isThere = Math.abs(audio.currentTime - second.currentTime) < 2 * IN_STEP_SECONDS;
    if (isThere && !second.seeking && button.dataset.heard !== "true") fade(true);
  };

  const change = () => {
    on = !on;
    button.setAttribute("aria-checked", String(on));
    sound ??= build();
    if (on) follow();
    else {
      clearTimeout(timer);
      fade(false);
      sound.second.pause();
    }
  };

  button.addEventListener("click", change);
  for (const name of ["play", "playing", "pause", "waiting", "seeking", "seeked", "ended", "ratechange", "volumechange"]) {
    audio.addEventListener(name, () => {
      if (sound) sound.context.resume();
      follow();
    });
  }
  return {
    setTrack(id) {
      track = id;
      button.disabled = false;
      if (!sound) return;
      fade(false);
      sound.second.removeAttribute("src");
      follow();
    },
  };
}
