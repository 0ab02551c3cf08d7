/** What may be uploaded is said before it is sent. */

import { clock, number } from "../core/format.mjs";
import { text } from "../core/texts.mjs";

const MIB = 2 ** 20;
const TOLERATED_SECONDS = 1; // A browser's idea of a length is not the decoder's.
const PATIENCE_MS = 1500;

/** Why a file would be refused, or null. `seconds` is null where the browser cannot tell. */
export function refusal({ name, size }, seconds, { maxBytes, maxSeconds, words }) {
  const allowed = text("upload.allowed", { words });
  if (size === 0) return `${text("upload.empty", { name })} ${allowed}`;
  if (size > maxBytes) return `${text("upload.too_large", { name, size: number(Math.ceil(size / MIB)) })} ${allowed}`;
  if (seconds !== null && seconds > maxSeconds + TOLERATED_SECONDS) return `${text("upload.too_long", { name, time: clock(seconds) })} ${allowed}`;
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
