/**
 * The page's one entry: joins the parts. Every other module only exports; this one acts.
 *
 * For tests and the curious, the state shows in attributes: `#page[data-track][data-ready][data-with-other]`,
 * `#now` and `#other` `[data-state][data-end][data-genre]` (end in samples), `#timeline` and `#other-timeline`
 * `[data-windows][data-complete]`.
 */

import { createAddress, readAddress } from "./core/address.mjs";
import * as api from "./core/api.mjs";
import { createCloser } from "./panels/closer.mjs";
import { createClock } from "./core/clock.mjs";
import { createConnection } from "./core/connection.mjs";
import { byId, setText } from "./core/dom.mjs";
import { clock as clockTime, secondsOf } from "./core/format.mjs";
import { createFinger } from "./pictures/finger.mjs";
import { createExports } from "./panels/exports.mjs";
import { createAsHeard } from "./player/as_heard.mjs";
import { createHelp } from "./panels/help.mjs";
import { setIcon } from "./core/icons.mjs";
import { createInvitation } from "./player/invitation.mjs";
import { listenToKeys } from "./core/keyboard.mjs";
import { createLanguageChoice } from "./core/language.mjs";
import { askByHand } from "./panels/alone.mjs";
import { createLibrary } from "./player/library.mjs";
import { createListener } from "./panels/listener.mjs";
import { createLive } from "./live/live.mjs";
import { createLoader } from "./player/loader.mjs";
import { createOutput } from "./player/output.mjs";
import { createOffline } from "./offline/offline.mjs";
import { createOther } from "./panels/other.mjs";
import { createOtherChoice } from "./panels/other_choice.mjs";
import { createPlayer } from "./player/player.mjs";
import { plotted } from "./pictures/plots.mjs";
import { fractionOf, plotArea, scrub } from "./player/scrub.mjs";
import { createPlaylist } from "./player/playlist.mjs";
import { createRegion } from "./player/region.mjs";
import { createReport } from "./panels/report.mjs";
import { createRemovals } from "./player/removals.mjs";
import { restoreTheme, toggleTheme } from "./core/theme.mjs";
import { createTabs } from "./core/tabs.mjs";
import { createSession } from "./player/session.mjs";
import { createShare } from "./panels/share.mjs";
import { fetchSoundFor, watchSound } from "./player/sound.mjs";
import { createTimeline } from "./pictures/timeline.mjs";
import { createToast } from "./core/toast.mjs";
import { text } from "./core/texts.mjs";
import { createTracks } from "./player/tracks.mjs";
import { createUpload } from "./player/upload.mjs";
import { createTrackMap } from "./panels/map.mjs";
import { createView } from "./panels/view.mjs";
import { createWhatIf } from "./panels/what_if.mjs";
import { createWhy } from "./panels/why.mjs";
import { createZoom } from "./player/zoom.mjs";
import { createWords } from "./panels/words.mjs";

restoreTheme();
const listed = api.tracks().catch((error) => ({ error }));
const page = byId("page");
const config = JSON.parse(page.dataset.config);
const audio = byId("audio");
for (const element of document.querySelectorAll("[data-icon]")) setIcon(element, element.dataset.icon);

const offline = createOffline(config, () => shown);
const { choose, back, added, retitle, gone, forget, shown } = createTracks(page, audio, () => ({
  address,
  asHeard,
  clock,
  closer,
  invitation,
  library,
  live,
  loader,
  player,
  region,
  removals,
  session,
  tabs,
  toast,
  upload,
  view,
  why,
  zoom,
}));

const play = () => {
  if (audio.error) {
    const at = clock.now();
    audio.load();
    clock.seek(at);
  }
  if (audio.paused || audio.ended) {
    // Refused (no gesture) or overtaken by another track: the button still shows the truth.
    audio.play().catch(() => {});
  } else audio.pause();
};

const seek = (seconds) => {
  clock.seek(seconds);
  address.touch();
};

const output = createOutput(audio);
const asHeard = createAsHeard(audio, output, byId("as-heard"));
const player = createPlayer(audio, { onPlay: play, onSeek: seek });
const session = createSession(audio, {
  play,
  pause: () => audio.pause(),
  seek,
  step: (seconds) => seek(clock.now() + seconds),
  previous: () => playlist.previous(),
  next: () => playlist.next(),
});
const redraw = () => {
  view.draw(clock.now(), clock.pace(), true);
  why.follow(clock.now());
  closer.follow(clock.now());
};
const connection = createConnection(api.health);
const timeline = { panel: byId("timeline"), future: byId("timeline-future"), labels: byId("timeline-labels") };
const plot = plotted("timeline-graph", config, shown);
const listener = createListener(timeline.panel, { hopSeconds: config.hopSeconds, connection }, redraw);
const other = createOther(config, plot, connection, redraw);
const view = createView(config, { player, audio, listener, other, onSeek: (seconds) => seek(seconds), onWord: (word) => session.hear(word) });
plot.then((graph) => {
  listener.setTimeline(createTimeline(graph, timeline, config));
  redraw();
});
const why = createWhy(config, listener);
const closer = createCloser({
  words: () => createWords(config, listener),
  "what-if": () => createWhatIf(config, audio, listener, output),
  map: () => createTrackMap(config, () => library.all()),
});
const clock = createClock(audio, (seconds, pace) => {
  view.draw(seconds, pace);
  why.follow(seconds);
  closer.follow(seconds);
  invitation.follow(seconds);
  region.follow();
  zoom.follow(seconds);
  if (!audio.paused) address.follow();
}, (seconds) => Math.min(view.next(seconds), region.next(), closer.next(seconds)));
const address = createAddress(() => ({
  track: page.dataset.track,
  seconds: clock.now(),
  compare: other.model?.name,
}), () => back());
const invitation = createInvitation(audio, play, config);
const library = createLibrary(config, {
  onChoose: (track) => choose(track),
  onForget: (track) => forget(track),
  onRenamed(track) {
    retitle(track);
    tabs.renamed(track);
  },
  onFault: (sentence, at) => upload.complain(sentence, at),
});
const upload = createUpload(config, library.own, { onAdded: (track, place) => added(track, place) });
const loader = createLoader(config, { listener, other, connection, onGone: (track) => gone(track.id) });
const otherChoice = createOtherChoice(config, (model) => {
  other.choose(model);
  redraw();
  address.flush();
});
otherChoice.set(readAddress().compare);
document.documentElement.classList.remove("waits"); // It may be seen now: nothing will jump.
const toast = createToast();
const removals = createRemovals();
const help = createHelp();
createLanguageChoice(() => address.flush());
const live = createLive(config, { listener, other, view, audio }, {
  onStart() {
    audio.pause();
    zoom.reset(1);
    delete page.dataset.track;
    delete page.dataset.ready;
    library.setCurrent(null);
  },
  onKept(track) {
    library.add(track);
    choose(track);
    toast(text("notice.kept", { title: track.title }), {
      label: text("notice.throw_away"),
      act: () => forget(track),
    });
  },
  onOver(sentence) {
    if (!page.dataset.track && library.sample(0)) choose(library.sample(0));
    if (sentence) player.say(sentence);
  },
});
const look = (change) => {
  for (const each of [listener, other]) each.look(change);
  redraw();
};
const tabs = createTabs({
  playing: () => audio.pause(),
  added: (track) => library.add(track),
  renamed: (track) => retitle(track),
  removed: (id) => gone(id),
});
watchSound(audio, { clock, connection, onGone: () => gone(page.dataset.track) });

fetchSoundFor(audio, [byId("player"), byId("lanes")]);

audio.addEventListener("play", () => tabs.playing());
for (const name of ["pause", "timeupdate"]) audio.addEventListener(name, () => offline.keep(library.find(page.dataset.track), audio));
audio.addEventListener("pause", () => address.flush());
audio.addEventListener("seeked", () => address.touch());
document.addEventListener("visibilitychange", () => address.flush());
byId("theme-button").addEventListener("click", toggleTheme);
byId("reveal").addEventListener("click", () => {
  const whole = byId("reveal").getAttribute("aria-checked") !== "true";
  byId("reveal").setAttribute("aria-checked", String(whole));
  look({ whole });
});
askByHand(config, {
  why,
  look,
  windowAt: (fraction) => listener.window(listener.at(fraction * duration())),
});
createExports(plot, () => ({ track: library.find(page.dataset.track)?.title ?? "", model: config.title }));
const duration = () => {
  const track = library.find(page.dataset.track);
  return track ? secondsOf(track) : 0;
};
createReport(() => {
  address.flush();
  return { model: config.title, heard: text("report.heard", { time: clockTime(clock.now()), duration: clockTime(duration()) }) };
});
const zoom = createZoom(
  audio,
  byId("lanes"),
  { area: plotArea, now: () => clock.now(), isOff: () => live.isOn },
  (stretch) => {
    for (const each of [listener, other]) each.zoom(stretch);
    loader.zoom(stretch.from / duration(), (stretch.from + stretch.seconds) / duration());
  },
);
const region = createRegion(audio, byId("lanes"), { area: plotArea, timeAt: zoom.timeAt, duration, now: clock.now, seek: clock.seek });
const playlist = createPlaylist(audio, {
  tracks: library.all,
  current: () => page.dataset.track,
  choose: (track) => choose(track),
  isHeld: () => region.isOn,
});
/** Do something with the stretch of the window last heard. */
const withWindow = (act) => {
  const window = listener.window(listener.at(clock.now()));
  if (window) act(window.start / listener.rate, window.end / listener.rate);
};
byId("again").addEventListener("click", () => withWindow(region.hear));
createShare(() => {
  address.flush();
  return { track: library.find(page.dataset.track), seconds: clock.now() };
}, toast);
scrub(byId("lanes"), plotArea, (fraction) => seek(zoom.timeAt(fraction)));
const touched = { timeAt: (x) => zoom.timeAt(fractionOf(byId("lanes"), x)), windowAt: (time) => (live.isOn ? null : listener.told(time)) };
createFinger(byId("lanes"), config.genres, touched);
listenToKeys(
  {
    play,
    step: (seconds) => seek(clock.now() + seconds),
    stepWindow: (direction) => seek(listener.neighbour(clock.now(), direction) ?? clock.now()),
    toStart: () => seek(0),
    toEnd: () => seek(duration()),
    toShare: (share) => seek(share * duration()),
    closer: zoom.closer,
    wider: zoom.wider,
    louder: player.louder,
    mute: player.mute,
    loop: () => withWindow(region.loop),
    ...playlist,
    sample(place) {
      const track = library.sample(place);
      if (track) choose(track);
    },
    theme: toggleTheme,
    why: why.toggle,
    changed: closer.flip,
    add: upload.choose,
    help: help.toggle,
  },
  () => help.isOpen() || live.isBlocked() || live.isOn,
);

const { tracks, isKept, error } = await listed;
if (error) {
  player.say(error.message);
} else {
  library.set(removals.without(tracks));
  const asked = readAddress();
  const found = asked.track && library.find(asked.track);
  const first = found || library.find(config.first) || tracks[0];
  if (first) choose(first, found ? asked.seconds : 0);
  else setText(byId("track-titles"), text("notice.no_samples"));
  if (isKept) offline.wait(connection, (all) => library.set(removals.without(all)));
  else if (asked.track && !found) toast(text("notice.expired"), { label: text("notice.ok"), stays: true });
}
