/** The choice of a second model to show beside the page's own. There only where there is something to choose. */

import { byId, el } from "../core/dom.mjs";

/** `onChoose(rival)`: one of `rivals`, or null for nothing. Gives `{ set(name) }`, which calls it too. */
export function createCompare({ rivals }, onChoose) {
  if (!rivals.length) return { set() {} };
  const select = el(
    "select",
    { class: "select compare-select", "aria-label": "Compare with", onchange: () => choose() },
    el("option", { value: "" }, "nothing"),
    ...rivals.map(({ name, title }) => el("option", { value: name }, title)),
  );
  byId("compare").append(select);
  const choose = () => onChoose(rivals.find(({ name }) => name === select.value) ?? null);
  return {
    set(name) {
      if (!rivals.some((rival) => rival.name === name)) return;
      select.value = name;
      choose();
    },
  };
}
