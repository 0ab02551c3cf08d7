/** Small helpers for elements. */

export const byId = (id) => document.getElementById(id);

/** Make an element: `el("button", { class: "tile", onclick: f }, "Jazz", otherElement)`. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Slide a bar in from the left of its track, so that its edge keeps its width; the style sheet hides it at rest. */
export function setBar(bar, share) {
  bar.style.transform = `translateX(${100 * (share - 1)}%)`;
}

/** Write text only where it changed: an untouched node costs no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
