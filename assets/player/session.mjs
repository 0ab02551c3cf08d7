/** What the system shows of the page and lets a hand do there: the tab's title, the lock screen, media keys. */

import { text } from "../core/texts.mjs";

const ARTWORK = [192, 512].map((size) => ({
  src: new URL(`../icons/icon-${size}.png`, import.meta.url).href,
  sizes: `${size}x${size}`,
  type: "image/png",
}));
const STEP_SECONDS = 5;

/** `actions`: play, pause, seek(seconds), step(seconds), previous, next. Gives `{ setTrack(track, seconds), hear(word) }`. */
export function createSession(audio, actions) {
  const media = navigator.mediaSession;
  let title = "";
  let duration = 0;
  let word = null;
  let shown = "";

  const show = () => {
    const tab = [word, title, word ? null : text("page.name")].filter(Boolean).join(" \u00b7 ");
    if (tab === shown) return;
    shown = tab;
    document.title = tab;
    if (media) media.metadata = new MediaMetadata({ title, artist: word ?? "", album: text("page.name"), artwork: ARTWORK });
  };
  const showPosition = () => {
    if (!media?.setPositionState || !duration) return;
    media.setPositionState({ duration, playbackRate: audio.playbackRate, position: Math.min(audio.currentTime, duration) });
  };

  const handlers = {
    play: actions.play,
    pause: actions.pause,
    stop: actions.pause,
    seekto: ({ seekTime }) => actions.seek(seekTime),
    seekbackward: ({ seekOffset }) => actions.step(-(seekOffset ?? STEP_SECONDS)),
    seekforward: ({ seekOffset }) => actions.step(seekOffset ?? STEP_SECONDS),
    previoustrack: actions.previous,
    nexttrack: actions.next,
  };
  for (const [name, handler] of Object.entries(handlers)) {
    try {
      media?.setActionHandler(name, handler);
    } catch {
      // This browser does not know the action; its keys do without.
    }
  }
  for (const name of ["play", "pause", "seeked", "ratechange"]) audio.addEventListener(name, showPosition);
  return {
    setTrack(track, seconds) {
      ({ title } = track);
      duration = seconds;
      word = null;
      show();
    },
    /** The word on the moment, null where nothing has been heard. */
    hear(next) {
      word = next;
      show();
    },
  };
}
