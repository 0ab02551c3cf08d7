/** What may be uploaded is said before it is sent. */

import { clock } from "../core/format.mjs";

const MIB = 2 ** 20;
const TOLERATED_SECONDS = 1; // A browser's idea of a length is not the decoder's.
const PATIENCE_MS = 1500;

/** Why a file would be refused, or null. `seconds` is null where the browser cannot tell. */
export function refusal({ name, size }, seconds, { maxBytes, maxSeconds, words }) {
  const allowed = `Allowed are ${words}.`;
  if (size === 0) return `${name} is empty. ${allowed}`;
  if (size > maxBytes) return `${name} has ${Math.ceil(size / MIB)} MiB. ${allowed}`;
  if (seconds !== null && seconds > maxSeconds + TOLERATED_SECONDS) return `${name} lasts ${clock(seconds)}. ${allowed}`;
  return null;
}

/** How long a file lasts, as far as the browser can tell without reading it all; null if it cannot. */
export function durationOf(file) {
  return new Promise((resolve) => {
    const probe = new Audio();
    const address = URL.createObjectURL(file);
    const settle = (seconds) => {
      clearTimeout(timer);
      probe.removeAttribute("src");
      URL.revokeObjectURL(address);
      resolve(Number.isFinite(seconds) ? seconds : null);
    };
    const timer = setTimeout(() => settle(null), PATIENCE_MS);
    probe.preload = "metadata";
    probe.addEventListener("loadedmetadata", () => settle(probe.duration), { once: true });
    probe.addEventListener("error", () => settle(null), { once: true });
    probe.src = address;
  });
}
