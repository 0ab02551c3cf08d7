/** A short word at the foot of the window, with one thing to do about it; it goes away by itself. */

import { byId, el } from "./dom.mjs";

const SHOWN_MS = 8000;

/**
 * Gives `show(sentence, { label, act, done, stays })`: `act` if the button is pressed in time, else `done`;
 * no button without a label. With `stays` it waits for its button.
 */
export function createToast() {
  const box = byId("toast");
  let finish = () => {};
  return (sentence, { label = "", act = () => {}, done = () => {}, stays = false } = {}) => {
    finish(done); // What came before is settled by what comes after.
    let timer = 0;
    let isOpen = true;
    const close = (then) => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      removeEventListener("pagehide", late);
      box.hidden = true;
      box.replaceChildren();
      then();
    };
    const late = () => close(done);
    finish = late;
    if (!stays) timer = setTimeout(late, SHOWN_MS);
    addEventListener("pagehide", late);
    box.replaceChildren(
      el("span", {}, sentence),
      label ? el("button", { type: "button", class: "text-button", onclick: () => close(act) }, label) : "",
    );
    box.hidden = false;
  };
}
