/** The choice of another model to show beside the page's own. There only where there is something to choose. */

import { byId, el } from "../core/dom.mjs";
import { text } from "../core/texts.mjs";

/** `onChoose(model)`: one of `others`, or null for nothing. Gives `{ set(name) }`, which calls it too. */
export function createOtherChoice({ others }, onChoose) {
  if (!others.length) return { set() {} };
  const select = el(
    "select",
    { class: "select other-select", "aria-label": text("now.compare"), onchange: () => choose() },
    el("option", { value: "" }, text("other.nothing")),
    ...others.map(({ name, title }) => el("option", { value: name }, title)),
  );
  byId("other-choice").append(select);
  const choose = () => onChoose(others.find(({ name }) => name === select.value) ?? null);
  return {
    set(name) {
      if (!others.some((other) => other.name === name)) return;
      select.value = name;
      choose();
    },
  };
}
