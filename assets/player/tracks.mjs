/** The tracks as what one chooses: one becomes the current one, is added, renamed, removed, or found to be gone. */

import { readAddress } from "../core/address.mjs";
import { audioUrl } from "../core/api.mjs";
import { secondsOf } from "../core/format.mjs";
import { text } from "../core/texts.mjs";
import { sameSound } from "./same.mjs";

/**
 * @param {HTMLElement} page - Carries the current track in its data.
 * @param {HTMLAudioElement} audio - Plays it.
 * @param {() => object} parts - The parts of the page that a change of track concerns; asked when it happens.
 */
export function createTracks(page, audio, parts) {
  let tellShown;
  const shown = new Promise((resolve) => {
    tellShown = resolve;
  });

  /** Make a track the current one; it goes on playing if another was. `isBack`: the address has led here. */
  function choose(track, start = 0, isBack = false) {
    const { address, asHeard, clock, closer, invitation, library, live, loader, player, region, session, view, why, zoom } = parts();
    if (track.id === page.dataset.track) return;
    const isFirst = !page.dataset.track;
    if (!isBack) address.flush();
    region.clear();
    live.leave();
    const playing = !audio.paused && !audio.ended;
    const seconds = secondsOf(track);
    page.dataset.track = track.id;
    delete page.dataset.ready;
    const loaded = loader.load(track);
    library.setCurrent(track.id);
    player.setTrack(track, seconds, library.about(track));
    view.reset(seconds);
    zoom.reset(seconds);
    why.setTrack(track.id, seconds);
    closer.setTrack(track);
    clock.setTrack(seconds, start);
    audio.src = audioUrl(track.id);
    asHeard.setTrack(track.id);
    if (playing) audio.play().catch(() => {});
    invitation.offer(track, seconds);
    loaded.then(() => {
      if (page.dataset.track === track.id) page.dataset.ready = "true";
      tellShown();
    });
    session.setTrack(track, seconds);
    clock.redraw();
    if (!isBack) (isFirst ? address.flush : address.push)();
  }

  /** Someone went back or forward among the tracks chosen. */
  function back() {
    const { clock, library } = parts();
    const { track, seconds } = readAddress();
    if (track === page.dataset.track) clock.seek(seconds);
    else if (library.find(track)) choose(library.find(track), seconds, true);
  }

  /** An upload has become a track: it is chosen if nothing plays, and never takes away what does. */
  function added(track, { name, isFirst, isLast, size }) {
    const { library, live, tabs, toast } = parts();
    const known = library.find(track.id);
    library.add(track);
    tabs.added(track);
    if (known) retitle(track);
    const same = known ? sameSound(name, known, track) : "";
    const isPlaying = live.isOn || !(audio.paused || audio.ended);
    if (isFirst && !isPlaying) choose(track);
    if (isPlaying && isLast) {
      const ready = size > 1 ? text("notice.added_ready") : text("notice.ready", { title: track.title });
      toast(same || ready, size > 1 ? { label: text("notice.show_them"), act: library.own.open } : { label: text("notice.go_to_it"), act: () => choose(track) });
    } else if (same) toast(same);
  }

  /** A track of one's own has another title. */
  function retitle(track) {
    const { library, player } = parts();
    library.change(track);
    if (track.id === page.dataset.track) player.retitle(track.title);
  }

  /** A track is not here any more: it expired, or another tab has removed it. */
  function gone(id) {
    const { library, player } = parts();
    const track = library.find(id);
    if (!track) return;
    library.remove(id);
    if (id !== page.dataset.track) return;
    audio.pause();
    const next = library.sample(0);
    if (next) choose(next);
    player.say(text("notice.gone", { title: track.title }));
  }

  /** Take a track away at once, and from the server once it is too late to undo. */
  function forget(track) {
    const { library, removals, tabs, toast, upload } = parts();
    const after = library.remove(track.id);
    const wasCurrent = track.id === page.dataset.track;
    if (wasCurrent) {
      audio.pause();
      const next = library.sample(0);
      if (next) choose(next);
    }
    removals.begin(track.id);
    tabs.removed(track.id);
    toast(text("notice.removed", { title: track.title }), {
      label: text("notice.undo"),
      act() {
        removals.undo(track.id);
        library.add(track, after);
        tabs.added(track);
        if (wasCurrent) choose(track);
      },
      async done() {
        try {
          await removals.finish(track.id);
        } catch (error) {
          upload.complain(error.message);
        }
      },
    });
  }
  /** `shown`: a promise that the first track's scores and pictures are there. */
  return { choose, back, added, retitle, gone, forget, shown };
}
