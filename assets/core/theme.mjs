/** Light or dark: the system's choice until someone makes another, which is remembered. */

import { recall, remember } from "./preferences.mjs";

const NAME = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

export const theme = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");

/** Call back with the theme's name whenever it changes. */
export const onTheme = (listener) => listeners.add(listener);

const tell = () => {
  mark();
  colour();
  for (const listener of listeners) listener(theme());
};

/** The switch says whether it is dark. */
const mark = () => document.getElementById("theme-button")?.setAttribute("aria-pressed", String(theme() === "dark"));

/** A phone's bars are of the page's colour. */
const colour = () => {
  const page = getComputedStyle(document.documentElement).getPropertyValue("--page").trim();
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = page;
};

const wear = (name) => {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  tell();
};

/** Put on what is remembered, as early as possible. */
export function restoreTheme() {
  const remembered = recall(NAME);
  if (remembered === "light" || remembered === "dark") document.documentElement.dataset.theme = remembered;
  colour();
  system.addEventListener("change", tell);
  addEventListener("beforeprint", () => {
    if (theme() === "light") return;
    const before = document.documentElement.dataset.theme;
    wear("light"); // Paper is.
    addEventListener("afterprint", () => wear(before), { once: true });
  });
}

export function toggleTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  wear(next);
  remember(NAME, next);
}
