/** The page's icons: paths on a grid of 24. */

const PATHS = {
  play: "M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8a.8.8 0 0 0-1.2.7z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  stop: "M7 7h10v10H7z",
  replay: "M12 5a7 7 0 1 0 7 7h-2a5 5 0 1 1-5-5v3.2l5-4.2-5-4.2z",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  minus: "M5 11h14v2H5z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  volume: "M4 9.5v5h3.5L12 19V5L7.5 9.5zM14.5 8.2v7.6a4.2 4.2 0 0 0 0-7.6zm0-3.4v1.9a5.5 5.5 0 0 1 0 10.6v1.9a7.4 7.4 0 0 0 0-14.4z",
  muted: "M4 9.5v5h3.5L12 19V5L7.5 9.5zM20.4 9.2 19 7.8l-2.2 2.1-2.2-2.1-1.4 1.4 2.2 2.2v1.2l-2.2 2.2 1.4 1.4 2.2-2.1 2.2 2.1 1.4-1.4-2.2-2.2v-1.2z",
  next: "M4 6h10v2H4zm0 5h10v2H4zm0 5h6v2H4zm9-2.5v7l5.5-3.5z",
  list: "M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z",
  edit: "M4 16.6V20h3.4L17.6 9.800 14.2 6.400zM19.700 7.700a.9.9 0 0 0 0-1.300l-2.100-2.100a.9.9 0 0 0-1.300 0l-1.100 1.100 3.400 3.400z",
  theme: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2v14a7 7 0 0 1 0-14z",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm-1 10h2v2h-2zm1-8c-2 0-3.3 1.2-3.4 3h1.9c.1-.8.6-1.3 1.5-1.3s1.4.5 1.4 1.2c0 .6-.3 1-1 1.4-1.1.7-1.4 1.2-1.4 2.3v.4h1.9v-.3c0-.6.2-.9 1-1.4 1-.6 1.5-1.4 1.5-2.4C15.4 8.200 14 7 12 7z",
};

const SVG = "http://www.w3.org/2000/svg";

/** Draw an icon; it is decoration, the button's label speaks. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Change the icon in an element. */
export function setIcon(element, name) {
  if (element.dataset.shown === name) return;
  element.dataset.shown = name;
  element.replaceChildren(icon(name));
}
