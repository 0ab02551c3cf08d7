/**
 * The page's texts in its language, by key, as the document brings them; the catalogues and their rules are in
 * `dashboard/page/texts`. A key stands in the code as a literal, or begins as one: so the server knows which to send.
 */

const PLACEHOLDER = /\{(\w+)\}/g;

let language = "en";
let entries = {};
let plural = null;

/** Speak a language from now on. */
export function speak(name, catalogue) {
  language = name;
  entries = catalogue;
  plural = new Intl.PluralRules(name);
}

/** The page's language, as `Intl` names it. */
export const languageNow = () => language;

/** A text with its placeholders filled in; a number `n` chooses between the forms of one that counts. */
export function text(key, values = {}) {
  const entry = entries[key];
  if (entry === undefined) throw new Error(`There is no text ${key}.`);
  const form = typeof entry === "string" ? entry : entry[plural.select(values.n)];
  return form.replace(PLACEHOLDER, (_, name) => values[name]);
}

/** What the server says in English with the figures at hand, where that is the page's language; else the text of its kind. */
export const told = (key, english) => (language === "en" && english ? english : text(key));

/** Whether there is such a text: of a kind that the server names. */
export const isKnown = (key) => key in entries;

/** A sentence that begins with a capital, whatever it was put together from. */
export const sentenceCase = (sentence) => sentence.charAt(0).toLocaleUpperCase(language) + sentence.slice(1);

const brought = globalThis.document?.getElementById("texts");
if (brought) speak(document.documentElement.lang, JSON.parse(brought.textContent));
