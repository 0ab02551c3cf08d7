/** Listen: a microphone, a tab or the system instead of a track. The same panels show it, by the same clock: its samples. */

import { sentenceOf } from "../core/api.mjs";
import { byId, el, setText } from "../core/dom.mjs";
import { clockTenths } from "../core/format.mjs";
import { Scores } from "../core/scores.mjs";
import { languageNow, text, told } from "../core/texts.mjs";
import { canShare, capture, CaptureProblem, inputs, openMicrophone, openShared } from "./capture.mjs";
import { connect } from "./connection.mjs";
import { createMeter } from "./meter.mjs";
import { createPictures } from "./pictures.mjs";
import { createRadioDoor, tuneIn } from "./radio.mjs";
import { createRoll } from "./roll.mjs";
import { viewOf } from "./span.mjs";

const DRAW_MS = 500; // Pictures; the playhead and the bars follow every frame and every window.
const REMEMBERED_CHUNKS = 1000;

const OFF = { leave() {}, isOn: false, isBlocked: () => false };

/** Scores that come by themselves: nothing is ever behind. */
const liveScores = (rate) =>
  new Scores({ sample_rate: rate, window_samples: Infinity, hop_samples: Infinity, duration_samples: Infinity });

/**
 * `panels`: `{ listener, other, view, audio }`; `onStart()` is called when listening begins, `onKept(track)` with the
 * take, `onOver()` when it has ended.
 */
export function createLive(config, panels, { onStart, onKept, onOver }) {
  if (!config.live.isOn) return OFF;
  const page = byId("page");
  const dialog = byId("listen");
  const words = byId("live-words");
  const select = el("select", { class: "select", "aria-label": text("listen.input") }, el("option", { value: "" }, text("live.systems_choice")));
  byId("live-device-mount").append(select);
  const meter = createMeter(byId("live-meter"));
  const pictures = createPictures(config);
  let now = null; // What is listened to: everything of one session.

  const say = (sentence) => setText(words, sentence);
  const complain = (sentence) => setText(byId("listen-words"), sentence);

  const listeners = () => [panels.listener, ...(panels.other.heard ? [panels.other.heard.listener] : [])];

  /** Join what the server tells to the panels. */
  const take = (message) => {
    const { scores, names } = now;
    const mine = scores[names.indexOf(message.model)];
    if (message.type === "header") {
      // A session that could not be taken up again: the server knows nothing of what came before.
      const end = Math.round((message.samples * config.sampleRate) / now.rate);
      if (!message.is_resumed && end > 0) for (const each of scores) markGap(each, { start: each.windows.at(-1)?.end ?? 0, end });
    } else if (message.type === "window") {
      mine.add(message);
      measure(message);
    } else if (message.type === "gap") {
      now.sentence = "";
      for (const each of scores) markGap(each, message);
    } else if (message.type === "away") {
      now.sentence = text("live.looking", { why: told("live.away", message.detail) });
      say(now.sentence);
    } else if (message.type === "shed") say(text("live.shed"));
    else if (message.type === "summary") mine.summary = message;
    else if (message.type === "take") kept(message);
    else if (message.type === "end") finish(message.reason ? told("live.ended", message.reason) : "");
  };

  /** Nothing was heard from here to there: shown as an empty stretch. */
  const markGap = (scores, { start, end }) => {
    const last = scores.windows.at(-1);
    const nothing = { state: "silence", isGap: true, level_dbfs: null, p: config.genres.map(() => 0), so_far: last?.so_far };
    if (last) scores.add({ ...nothing, start, end: start + 1 });
    scores.add({ ...nothing, start, end });
  };

  const kept = ({ track, problem }) => {
    if (track) now.track = track;
    else say(text("live.not_kept", { problem: sentenceOf(problem) }));
  };

  /** How long after its last sample a window's bars are drawn, for tests and the curious. */
  const measure = ({ end, index, model }) => {
    if (model !== now.names[0] || now.kind === "radio") return;
    const { arrivals, rate } = now;
    const wanted = (end / config.sampleRate) * rate;
    const chunk = arrivals.find(({ samples }) => samples >= wanted);
    if (!chunk) return;
    draw(performance.now());
    byId("live").dataset.lagMs = (performance.now() - chunk.at).toFixed(1);
    byId("live").dataset.window = String(index);
    if (index === 0) byId("live").dataset.firstMs = (performance.now() - now.first).toFixed(0);
  };

  const seconds = () => (now.source.seconds ? now.source.seconds() : now.samples / now.rate);

  const draw = (time) => {
    now.source.drain?.(hear);
    const at = seconds();
    const span = viewOf(at, byId("live-whole").getAttribute("aria-checked") === "true");
    if (span.from !== now.span?.from || span.seconds !== now.span?.seconds || time - now.drawn > DRAW_MS) {
      now.span = span;
      now.drawn = time;
      pictures.draw(now.roll, span.from, span.seconds);
      listeners().forEach((listener) => listener.roll(span));
    }
    panels.view.drawLive(at, span);
    setText(byId("live-time"), clockTenths(at));
    if (now.kind === "radio") {
      setText(byId("live-playing"), now.source.title);
      if (!now.sentence) say(now.source.words);
    }
  };

  const step = (time) => {
    if (!now?.isRunning) return;
    draw(time);
    now.frame = requestAnimationFrame(step);
  };

  const hear = (pcm) => {
    now.first ??= performance.now();
    now.samples += pcm.length;
    now.arrivals.push({ samples: now.samples, at: performance.now() });
    if (now.arrivals.length > REMEMBERED_CHUNKS) now.arrivals.splice(0, REMEMBERED_CHUNKS / 2);
    now.roll.add(pcm);
    meter.add(pcm);
    page.dataset.liveSamples = String(now.samples);
  };

  const finish = (sentence) => {
    const was = now;
    if (!was) return;
    was.isRunning = false;
    cancelAnimationFrame(was.frame);
    was.source.stop();
    was.connection.close();
    meter.rest();
    now = null;
    delete page.dataset.live;
    byId("live").hidden = true;
    byId("player").hidden = false;
    if (was.track) onKept(was.track);
    onOver(sentence);
  };

  const start = async (kind) => {
    complain("");
    try {
      const stream = await (kind === "shared" ? openShared() : openMicrophone(select.value));
      if (now) finish("");
      const source = await capture(stream, {
        onChunk(pcm) {
          if (!now) return;
          hear(pcm);
          now.connection.send(pcm);
        },
        onEnded: () => stop(text("live.source_ended")),
        onMuted: (yes) => say(yes ? text("live.muted") : ""),
      });
      begin(kind, source);
      const sentBy = { sample_rate: source.rate, title: text("live.take_title", { source: text(`listen.${kind}`), moment: moment() }) };
      now.connection = connect(hello(sentBy), config.live.backlogSeconds, { message: take, state: told });
      await fillDevices();
    } catch (error) {
      if (!(error instanceof CaptureProblem)) throw error;
      complain(error.message);
    }
  };

  const startRadio = (address) => {
    complain("");
    door.isBusy(true);
    tuneIn(hello({ radio: address }), config.live.backlogSeconds, panels.audio, {
      found(source) {
        door.isBusy(false);
        if (now) finish("");
        begin("radio", source);
        now.connection = source.connection;
      },
      message: take,
      state: told,
      failed(sentence) {
        door.isBusy(false);
        complain(sentence);
      },
    });
  };

  const moment = () => new Date().toLocaleString(languageNow(), { dateStyle: "medium", timeStyle: "short" });
  const names = () => [config.model, ...(panels.other.model ? [panels.other.model.name] : [])];
  const hello = (more) => ({ hop: config.hopSeconds, models: names(), keep: true, ...more });

  /** Show what is listened to from here on. */
  const begin = (kind, source) => {
    const models = names();
    now = {
      kind,
      names: models,
      source,
      rate: source.rate,
      samples: 0,
      arrivals: [],
      roll: createRoll(source.rate, config.sampleRate / 2),
      scores: models.map(() => liveScores(config.sampleRate)),
      span: null,
      drawn: 0,
      isRunning: true,
      sentence: "",
    };
    dialog.close();
    onStart();
    listeners().forEach((listener, place) => listener.follow(now.scores[place]));
    page.dataset.live = kind;
    byId("player").hidden = true;
    byId("live").hidden = false;
    setText(byId("live-title"), source.name ?? text(`listen.${kind}`));
    setText(byId("live-playing"), "");
    say(text("live.connecting"));
    panels.view.resetLive();
    now.frame = requestAnimationFrame(step);
  };

  const told = (state, sentence) => {
    if (!now) return;
    byId("live").dataset.connection = state;
    if (state === "open" && !now.isStarted) {
      now.isStarted = true; // Not before: the first sample is the first for the server too.
      now.source.start();
    }
    now.sentence = sentence;
    if (state === "over") finish(sentence);
    else say(sentence);
  };

  /** Stop hearing; the last scores and the take come, then it is over. */
  const stop = (sentence = "") => {
    if (!now) return;
    if (sentence) say(sentence);
    now.isRunning = false;
    now.source.stop();
    meter.rest();
    now.connection.end();
  };

  const fillDevices = async () => {
    const chosen = select.value;
    const found = await inputs();
    select.replaceChildren(
      el("option", { value: "" }, text("live.systems_choice")),
      ...found.map(({ deviceId, label }, place) => el("option", { value: deviceId }, label || text("live.microphone_number", { n: place + 1 }))),
    );
    if (found.some(({ deviceId }) => deviceId === chosen)) select.value = chosen;
  };

  byId("listen-button").addEventListener("click", async () => {
    complain("");
    await fillDevices();
    dialog.showModal();
  });
  byId("listen-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  byId("listen-microphone").addEventListener("click", () => start("microphone"));
  byId("listen-shared").addEventListener("click", () => start("shared"));
  byId("listen-shared").hidden = !canShare();
  const door = config.live.hasRadio ? createRadioDoor(panels.audio, startRadio) : null;
  byId("live-stop").addEventListener("click", () => stop());
  byId("live-whole").addEventListener("click", () => {
    const whole = byId("live-whole").getAttribute("aria-checked") !== "true";
    byId("live-whole").setAttribute("aria-checked", String(whole));
  });
  navigator.mediaDevices?.addEventListener("devicechange", () => fillDevices());
  document.addEventListener("visibilitychange", () => {
    if (now?.isRunning && !document.hidden) say(text("live.was_hidden"));
  });

  return {
    /** Stop, because a track is chosen instead. */
    leave: () => now && finish(""),
    get isOn() {
      return Boolean(now);
    },
    isBlocked: () => dialog.open,
  };
}
