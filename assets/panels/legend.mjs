/** The legend: press a genre to see it alone, press it again (or press any twice) to see all. */

import { byId } from "../core/dom.mjs";

/** `onChange(id)`: the one genre to show, null for all. Gives `{ alone, toggle(id) }`: what is shown alone, and what a press does. */
export function createLegend(onChange) {
  const legend = byId("genre-legend");
  const chips = [...legend.children];
  let alone = null;
  const set = (id) => {
    alone = id;
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.genre === alone));
    legend.toggleAttribute("data-alone", alone !== null);
    onChange(alone);
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => set(alone === chip.dataset.genre ? null : chip.dataset.genre));
    chip.addEventListener("dblclick", () => set(null));
  }
  return {
    get alone() {
      return alone;
    },
    toggle: (id) => set(alone === id ? null : id),
  };
}
