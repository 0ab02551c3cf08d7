/** A title that is changed where it stands: Enter or leaving it keeps it, Escape keeps the old one. */

import { Problem, rename } from "../core/api.mjs";
import { el } from "../core/dom.mjs";
import { icon } from "../core/icons.mjs";
import { text } from "../core/texts.mjs";

export const LONGEST_TITLE = 120;

/** `box` is what the field stands in for while one types. Gives the button that begins it; `onRenamed(track)`, `onFault(sentence, at)`. */
export function createRename(track, box, { onRenamed, onFault }) {
  const begin = () => {
    const field = el("input", { class: "field", "aria-label": text("library.title_of", { title: track.title }), maxlength: LONGEST_TITLE, value: track.title });
    let isOver = false;
    const end = async (isKept) => {
      if (isOver) return;
      isOver = true;
      const hadFocus = field === document.activeElement;
      const title = field.value.trim();
      field.remove();
      box.hidden = false;
      button.disabled = false;
      if (hadFocus) button.focus();
      if (!isKept || !title || title === track.title) return;
      const { left, bottom } = button.getBoundingClientRect();
      try {
        onRenamed(await rename(track.id, title));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        onFault(error.message, { x: left, y: bottom });
      }
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation(); // The list stays open.
      end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    box.hidden = true;
    box.before(field);
    button.disabled = true;
    field.focus();
    field.select();
  };
  const button = el(
    "button",
    { type: "button", class: "tile-forget", title: text("library.rename"), "aria-label": text("library.rename_track", { title: track.title }), onclick: begin },
    icon("edit"),
  );
  return button;
}
