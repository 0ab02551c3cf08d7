/** The queue as one sees it: a row for each file, in the list of one's own tracks, above those that are there already. */

import { byId, el, setText } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";
import { arrange } from "./rows.mjs";

const percent = (fraction) => Math.round(100 * fraction);

/** What is said of one file. */
export const stateWords = ({ state, fraction, message }) =>
  state === "failed" ? message : text(`queue.${state}`, { percent: percent(fraction) });

/** A bar that fills while a file is sent, and moves on its own while the service reads it. */
export function createProgress(label) {
  const bar = el("span", { class: "progress-bar" });
  const element = el("span", { class: "progress", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  return {
    element,
    show(fraction, isReading = false) {
      bar.style.transform = `scaleX(${fraction})`;
      element.toggleAttribute("data-reading", isReading);
      if (isReading) element.removeAttribute("aria-valuenow");
      else element.setAttribute("aria-valuenow", String(percent(fraction)));
    },
  };
}

const createRow = (entry, queue) => {
  const { name } = entry.file;
  const status = el("span", { class: "tile-about" });
  const progress = createProgress(text("upload.label_of", { name }));
  const again = el("button", { type: "button", class: "text-button", onclick: () => queue.retry(entry) }, text("queue.try_again"));
  const remove = el("button", { type: "button", class: "tile-forget", onclick: () => queue.remove(entry) }, icon("close"));
  const row = el(
    "li",
    { class: "queue-row" },
    el("span", { class: "tile-text" }, el("span", { class: "tile-name", title: name }, name), status, again),
    remove,
    progress.element,
  );
  return {
    row,
    draw() {
      const isFailed = entry.state === "failed";
      row.dataset.state = entry.state;
      setText(status, stateWords(entry));
      again.hidden = !(isFailed && entry.isTemporary);
      remove.title = isFailed ? text("notice.dismiss") : text("upload.cancel");
      remove.setAttribute("aria-label", isFailed ? text("queue.dismiss_track", { name }) : text("queue.cancel_track", { name }));
      progress.element.hidden = isFailed;
      progress.show(entry.fraction, entry.state === "reading");
    },
  };
};

/** What is said of all of them: how many failed, and how many of the others are ready. */
export function sumUp({ entries, nReady }) {
  const nFailed = entries.filter(({ state }) => state === "failed").length;
  const nOpen = entries.length - nFailed;
  return {
    failed: nFailed ? text("upload.n_failed", { n: nFailed }) : "",
    ready: nOpen ? text("upload.ready", { ready: nReady, n: nReady + nOpen }) : "",
  };
}

/** Gives `draw(queue, entries, note)`: `entries` are those that have rows, `note` is one more sentence, or nothing. */
export function createQueueRows({ onClear }) {
  const box = byId("queue");
  const list = byId("queue-list");
  const about = el("span", { role: "status" });
  const all = el("button", { type: "button", class: "text-button", onclick: onClear });
  const note = el("span");
  const goOn = el("button", { type: "button", class: "text-button", onclick: () => shown.goOn() }, text("queue.go_on"));
  const notice = el("p", { class: "queue-note", role: "alert", hidden: true }, note, goOn);
  box.prepend(el("div", { class: "queue-head" }, about, all), notice);
  const rows = new Map();
  let shown = null;

  return {
    draw(queue, entries, more) {
      const { pausedBy } = queue;
      shown = queue;
      box.hidden = !entries.length && !more;
      setText(about, Object.values(sumUp(queue)).filter(Boolean).join(", "));
      setText(all, queue.isWorking ? text("queue.cancel_all") : text("queue.dismiss_all"));
      setText(note, [pausedBy, more].filter(Boolean).join(" "));
      goOn.hidden = !pausedBy;
      notice.hidden = !note.textContent;
      for (const entry of rows.keys()) if (!entries.includes(entry)) rows.delete(entry);
      for (const entry of entries) if (!rows.has(entry)) rows.set(entry, createRow(entry, queue));
      arrange(list, entries.map((entry) => rows.get(entry).row));
      for (const { draw } of rows.values()) draw();
    },
  };
}
