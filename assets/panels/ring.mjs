/** A thin ring that fills while the first window is heard. */

const SVG = "http://www.w3.org/2000/svg";

export function createRing(mount) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 40 40");
  const circle = (name) => {
    const element = document.createElementNS(SVG, "circle");
    for (const [key, value] of Object.entries({ cx: 20, cy: 20, r: 17, pathLength: 1, class: name })) {
      element.setAttribute(key, value);
    }
    svg.append(element);
    return element;
  };
  circle("ring-rest");
  const filled = circle("ring-filled");
  mount.append(svg);
  return {
    show(yes) {
      mount.hidden = !yes;
    },
    fill(fraction) {
      filled.style.strokeDashoffset = String(1 - fraction);
    },
  };
}
