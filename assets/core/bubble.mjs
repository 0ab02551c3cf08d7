/** A sentence where the hand was: stays until it is dismissed or the next one comes. */

import { el } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { text } from "./texts.mjs";

const MARGIN_PX = 16;

export function createBubble(element) {
  document.getElementById("page").append(element); // Out of the header's scrollers; the page is what it is placed on.
  const hide = () => {
    element.hidden = true;
    element.replaceChildren();
  };
  return {
    hide,
    /** `at`: a point of the viewport. */
    show(sentence, at) {
      element.replaceChildren(
        el("span", {}, sentence),
        el("button", { type: "button", class: "icon-button", "aria-label": text("notice.dismiss"), onclick: hide }, icon("close")),
      );
      element.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = element;
      const left = Math.min(Math.max(MARGIN_PX, at.x), innerWidth - width - MARGIN_PX);
      const top = Math.min(Math.max(MARGIN_PX, at.y), innerHeight - height - MARGIN_PX);
      element.style.left = `${left + scrollX}px`;
      element.style.top = `${top + scrollY}px`;
    },
  };
}
