/** Add a track: a button, or a file dropped anywhere; sent with progress, and an error said where the hand was. */

import { Problem, send } from "../core/api.mjs";
import { createBubble } from "../core/bubble.mjs";
import { byId, el, setText } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";
import { durationOf, refusal } from "./limits.mjs";

/** `onAdded(track)` is called for each file that the service took. */
export function createUpload({ uploads }, { onAdded }) {
  const mount = byId("add");
  const drop = byId("drop");
  const bubble = createBubble(byId("upload-message"));
  const queue = [];
  let sending = null;
  let checking = false;

  const input = el("input", {
    type: "file",
    accept: uploads.accept,
    multiple: true,
    class: "visually-hidden",
    tabindex: -1,
    "aria-label": "Add audio files",
    onchange: () => {
      take([...input.files], underTile());
      input.value = "";
    },
  });
  const button = el(
    "button",
    { type: "button", class: "tile-button add-button", title: `Add ${uploads.words}`, onclick: () => input.click() },
    icon("plus"),
    el(
      "span",
      { class: "tile-text" },
      el("span", { class: "tile-name" }, "Add a track"),
      el("span", { class: "tile-about add-hint" }, "or drop it anywhere"),
    ),
  );
  const name = el("span", { class: "tile-name" });
  const status = el("span", { class: "tile-about" });
  const bar = el("span", { class: "progress-bar" });
  const progress = el(
    "span",
    { class: "progress", role: "progressbar", "aria-label": "Upload", "aria-valuemin": 0, "aria-valuemax": 100 },
    bar,
  );
  const cancel = el(
    "button",
    { type: "button", class: "tile-forget", "aria-label": "Cancel the upload", title: "Cancel", onclick: () => sending?.cancel() },
    icon("close"),
  );
  const busy = el("div", { class: "busy", hidden: true }, el("span", { class: "tile-text" }, name, status), cancel, progress);
  mount.className = "tile add";
  mount.append(button, busy, input);

  const underTile = () => {
    const box = mount.getBoundingClientRect();
    return { x: box.left, y: box.bottom + 8 };
  };
  const showProgress = (fraction) => {
    const percent = Math.round(fraction * 100);
    bar.style.transform = `scaleX(${fraction})`;
    progress.setAttribute("aria-valuenow", String(percent));
    setText(status, fraction < 1 ? `Sending, ${percent} %` : "Reading the sound");
  };
  const next = async () => {
    if (sending || checking) return;
    const job = queue.shift();
    checking = Boolean(job);
    busy.hidden = !job;
    button.hidden = Boolean(job);
    if (!job) return;
    setText(name, job.file.name);
    setText(status, "Looking at it");
    const reason = refusal(job.file, null, uploads) ?? refusal(job.file, await durationOf(job.file), uploads);
    if (reason) {
      bubble.show(reason, job.at);
      checking = false;
      next();
      return;
    }
    checking = false;
    showProgress(0);
    sending = send(job.file, showProgress);
    try {
      onAdded(await sending.done);
    } catch (error) {
      if (error instanceof Problem) bubble.show(error.message, job.at);
      else if (error.name !== "AbortError") throw error;
    } finally {
      sending = null;
      next();
    }
  };
  const take = (files, at) => {
    bubble.hide();
    queue.push(...files.map((file) => ({ file, at })));
    next();
  };

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0; // Enter and leave come for every element on the way.
  const cover = (by) => {
    depth = Math.max(0, depth + by);
    drop.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    cover(1);
  });
  addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) cover(-1);
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    cover(-depth);
    take([...event.dataTransfer.files], { x: event.clientX, y: event.clientY });
  });

  return { complain: (sentence) => bubble.show(sentence, underTile()), hush: bubble.hide };
}
