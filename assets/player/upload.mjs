/** Add tracks: a button, a folder, or files dropped anywhere. One file is a matter of a moment; several have rows. */

import { send } from "../core/api.mjs";
import { createBubble } from "../core/bubble.mjs";
import { byId, el, setText } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";
import { chosenFolder, dropped } from "./files.mjs";
import { durationOf, refusal } from "./limits.mjs";
import { createQueue } from "./queue.mjs";
import { createProgress, createQueueRows, stateWords, sumUp } from "./queue_rows.mjs";

/**
 * `onAdded(track, { name, isFirst, isLast, size })` is called for each file that the service took, with its place among those
 * that came with it; `own` shows the rows of several.
 */
export function createUpload({ uploads }, own, { onAdded }) {
  const mount = byId("add");
  const drop = byId("drop");
  const bubble = createBubble(byId("upload-message"));
  let note = ""; // Of what was left out of a folder.
  const rows = createQueueRows({
    onClear() {
      note = "";
      queue.clear();
    },
  });

  const chooser = (label, onFiles, more = {}) => {
    const input = el("input", {
      type: "file",
      multiple: true,
      class: "visually-hidden",
      tabindex: -1,
      "aria-label": label,
      onchange: () => {
        onFiles([...input.files]);
        input.value = "";
      },
      ...more,
    });
    return input;
  };
  const files = chooser(text("upload.add_files"), (chosen) => take(chosen, underTile()), { accept: uploads.accept });
  const folder = chooser(
    text("own.add_folder"),
    (chosen) => {
      const sifted = chosenFolder(chosen, uploads.suffixes);
      take(sifted.files, underTile(), sifted.nLeftOut);
    },
    { webkitdirectory: true },
  );
  const button = el(
    "button",
    { type: "button", class: "tile-button add-button", title: text("upload.add_hint", { words: uploads.words }), onclick: () => files.click() },
    icon("plus"),
    el(
      "span",
      { class: "tile-text" },
      el("span", { class: "tile-name" }, text("upload.add")),
      el("span", { class: "tile-about add-hint" }, text("upload.drop")),
    ),
  );
  const name = el("span", { class: "tile-name" });
  const status = el("span", { class: "tile-about" });
  const progress = createProgress(text("upload.label"));
  const cancel = el(
    "button",
    { type: "button", class: "tile-forget", "aria-label": text("upload.cancel_it"), title: text("upload.cancel"), onclick: () => queue.remove(queue.entries[0]) },
    icon("close"),
  );
  const open = el("button", { type: "button", class: "busy-open", onclick: () => own.open() }, el("span", { class: "tile-text" }, name, status));
  const busy = el("div", { class: "busy", hidden: true }, open, cancel, progress.element);
  mount.className = "tile add";
  mount.append(button, busy, files);
  byId("own").append(folder);
  byId("add-folder").addEventListener("click", () => folder.click());

  const underTile = () => {
    const box = mount.getBoundingClientRect();
    return { x: box.left, y: box.bottom + 8 };
  };

  /** The tile tells of one file by its name, and sums several up. */
  const draw = () => {
    const { entries, nReady, isWorking } = queue;
    const isSingle = entries.length === 1 && entries[0].batch.size === 1 && !entries[0].hasRow;
    if (isSingle && entries[0].state === "failed") {
      const [{ message, batch }] = entries.splice(0);
      bubble.show(message, batch.at);
      draw();
      return;
    }
    busy.hidden = !isWorking;
    button.hidden = isWorking;
    cancel.hidden = !isSingle;
    open.disabled = isSingle;
    if (isWorking && isSingle) {
      setText(name, entries[0].file.name);
      setText(status, stateWords(entries[0]));
      progress.show(entries[0].fraction, entries[0].state === "reading");
    } else if (isWorking) {
      const nOpen = entries.filter(({ state }) => state !== "failed").length;
      const sent = entries.reduce((sum, { fraction, state }) => sum + (state === "failed" ? 0 : fraction), nReady);
      setText(name, queue.pausedBy ? text("upload.stopped") : text("upload.adding", { n: nReady + nOpen }));
      setText(status, text("upload.ready", { ready: nReady, n: nReady + nOpen }));
      progress.show(sent / (nReady + nOpen));
    }
    const withRows = isSingle ? [] : entries;
    for (const entry of withRows) entry.hasRow = true;
    rows.draw(queue, withRows, note);
    const { failed, ready } = withRows.length ? sumUp(queue) : { failed: "", ready: note };
    own.setQueue(failed || ready, Boolean(failed));
  };

  const queue = createQueue({
    atOnce: uploads.atOnce,
    check: async (file) => refusal(file, null, uploads) ?? refusal(file, await durationOf(file), uploads),
    send,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onChange: draw,
    onReady(track, { file, batch }) {
      const isFirst = !batch.hasFirst;
      batch.hasFirst = true;
      const isLast = queue.entries.every((entry) => entry.batch !== batch || entry.state === "failed");
      onAdded(track, { name: file.name, isFirst, isLast, size: batch.size });
    },
  });
  const take = (chosen, at, nLeftOut = 0) => {
    bubble.hide();
    const others = text("upload.left_out", { n: nLeftOut });
    note = nLeftOut ? others : "";
    if (!chosen.length) {
      if (nLeftOut) bubble.show(text("upload.no_audio", { left_out: others }), at);
      note = "";
      return;
    }
    queue.add(chosen, at);
    if (queue.entries.length > 1) own.open();
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
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    cover(-depth);
    const at = { x: event.clientX, y: event.clientY };
    const found = await dropped(event.dataTransfer, uploads.suffixes);
    take(found.files, at, found.nLeftOut);
  });

  return {
    choose: (isFolder) => (isFolder ? folder : files).click(),
    complain: (sentence, at = underTile()) => bubble.show(sentence, at),
    hush: bubble.hide,
  };
}
