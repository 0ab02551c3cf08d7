/** A sentence in the place of a picture that did not come, with a way to try again where that may help. */

import { el } from "./dom.mjs";

export function createNotice(element) {
  return {
    hide() {
      element.hidden = true;
      element.replaceChildren();
    },
    show(sentence, retry) {
      element.replaceChildren(
        el("span", {}, sentence),
        ...(retry ? [el("button", { type: "button", class: "text-button", onclick: retry }, "Try again")] : []),
      );
      element.hidden = false;
    },
  };
}
