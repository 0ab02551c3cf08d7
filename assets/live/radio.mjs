/** The door to radio stations: an address goes to the server, which fetches the station; its name and titles are shown. */

import { byId, el, setText } from "../core/dom.mjs";
import { recall, remember } from "../core/preferences.mjs";
import { text } from "../core/texts.mjs";
import { connect } from "./connection.mjs";
import { createStation } from "./station.mjs";

/** Where the address is written: `onAsked(address)`; `audio` is the element whose volume it shares. Gives `{ isBusy(yes) }`. */
export function createRadioDoor(audio, onAsked) {
  const input = el("input", {
    type: "url",
    class: "radio-address",
    placeholder: "https://radio.example/stream.mp3",
    value: recall("radio") ?? "",
    "aria-label": text("listen.radio_address"),
    autocomplete: "url",
    spellcheck: "false",
  });
  byId("radio-mount").append(input);
  const volume = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    class: "slider",
    "aria-label": text("player.volume"),
    oninput() {
      audio.muted = false;
      audio.volume = Number(volume.value);
    },
  });
  const showVolume = () => {
    volume.value = String(audio.muted ? 0 : audio.volume);
    volume.style.setProperty("--fill", `${100 * volume.value}%`);
  };
  audio.addEventListener("volumechange", showVolume);
  showVolume();
  byId("live-volume").append(volume);
  byId("listen-radio").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = input.value.trim();
    if (!address) return input.focus();
    remember("radio", address);
    return onAsked(address);
  });
  return {
    isBusy(yes) {
      byId("radio-start").disabled = yes;
      setText(byId("radio-start"), yes ? text("listen.tuning") : text("listen.start"));
    },
  };
}

/**
 * Tune in. `on.found(source)` is called when the station is there, with what is listened to: `{ rate, name, start(), stop(),
 * seconds(), drain(hear), connection }`; `on.message(message)` and `on.state(state, sentence)` as for a connection, only
 * after that; `on.failed(sentence)` if there is none.
 */
export function tuneIn(hello, backlogSeconds, audio, on) {
  let station = null;
  let source = null;
  let titles = []; // `{ start, title }`: those that came, in order of time.
  let modelRate = 1;

  const setVolume = () => station?.setVolume(audio.muted ? 0 : audio.volume);
  const place = (sample) => Math.round((sample / modelRate) * station.rate);
  const message = (told) => {
    if (told.type === "header") {
      modelRate = told.sample_rate;
      if (!station) found(told.station);
      station.advanceTo(told.samples);
    } else if (told.type === "gap") station.advanceTo(place(told.end));
    else if (told.type === "title") titles.push({ start: told.start / modelRate, title: told.title ?? "" });
    if (source) on.message(told);
  };
  const found = (about) => {
    station = createStation(about);
    audio.addEventListener("volumechange", setVolume);
    setVolume();
    source = {
      name: about.name,
      rate: station.rate,
      start: station.start,
      stop() {
        audio.removeEventListener("volumechange", setVolume);
        station.stop();
      },
      seconds: station.seconds,
      drain: station.drain,
      /** What there is to say at this moment. */
      get words() {
        if (station.isBlocked) return text("live.blocked");
        return station.isDry ? text("live.waiting") : "";
      },
      /** What plays, as the station says. */
      get title() {
        const at = station.seconds();
        while (titles.length > 1 && titles[1].start <= at) titles.shift();
        return titles.length && titles[0].start <= at ? titles[0].title : "";
      },
      connection,
    };
    on.found(source);
  };
  const connection = connect(hello, backlogSeconds, {
    message,
    sound(content) {
      if (!station.add(content)) {
        connection.close();
        on.state("over", text("live.unplayable"));
      }
    },
    place: () => station?.place() ?? 0,
    state(state, sentence) {
      if (source) on.state(state, sentence);
      else if (state !== "open") {
        connection.close();
        on.failed(sentence);
      }
    },
  });
}
