/** Lets the modules under test speak English, as a page of it does; `inLanguage` tries another. */

import { readFileSync } from "node:fs";
import { speak } from "../../assets/core/texts.mjs";

const catalogue = (name) => JSON.parse(readFileSync(new URL(`../../dashboard/page/texts/${name}.json`, import.meta.url)));

/** Do something in a language. */
export function inLanguage(name, act) {
  speak(name, catalogue(name));
  try {
    return act();
  } finally {
    speak("en", catalogue("en"));
  }
}

speak("en", catalogue("en"));
