/** What this browser remembers: theme, volume, speed. A browser that forbids it just forgets. */

const PREFIX = "live-genre.";

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, String(value));
  } catch {
    // Storage is switched off or full; the page works without.
  }
}

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}
