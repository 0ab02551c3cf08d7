/** The choice of the page's language: remembered for the server, which sends the page in it. */

import { byId } from "./dom.mjs";

const COOKIE = "language"; // Read in dashboard/api/language.py.
const YEAR_SECONDS = 365 * 24 * 3600;

/** `onLeave()` is called before the page is sent anew. */
export function createLanguageChoice(onLeave) {
  byId("languages")?.addEventListener("click", ({ target }) => {
    const { language } = target.dataset;
    if (!language || language === document.documentElement.lang) return;
    document.cookie = `${COOKIE}=${language}; path=${location.pathname}; max-age=${YEAR_SECONDS}; samesite=lax`;
    onLeave();
    location.reload();
  });
}
