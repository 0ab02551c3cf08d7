/** The page's address names track, time and the other model, so that a reload or a copied link finds them again. */

const WAIT_MS = 1000;
const PLAYING_MS = 5000; // Leaving or reloading the page writes it anyway.

/** What the address asks for: `{ track, seconds, compare }`, null and 0 where it says nothing. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const seconds = Number(query.get("t"));
  return {
    track: query.get("track"),
    seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 0,
    compare: query.get("compare"),
  };
}

/**
 * Keep the address true: `push` makes an entry of its own for another track, to which one comes back; `touch` after a seek, at most once a second (browsers refuse more); `follow` while playing;
 * `flush` at once. `onBack()`: someone went back or forward.
 */
export function createAddress(current, onBack) {
  let timer = 0;
  const write = (change) => {
    clearTimeout(timer);
    timer = 0;
    const { track, seconds, compare } = current();
    if (!track) return;
    const query = new URLSearchParams(location.search);
    query.set("track", track);
    query.set("t", seconds.toFixed(1));
    if (compare) query.set("compare", compare);
    else query.delete("compare");
    const address = `${location.pathname}?${query}`;
    if (address !== location.pathname + location.search) history[change](null, "", address);
  };
  const flush = () => write("replaceState");
  const soon = (wait) => {
    if (!timer) timer = setTimeout(flush, wait);
  };
  addEventListener("pagehide", flush);
  addEventListener("popstate", () => {
    clearTimeout(timer); // What was about to be written belongs to another entry.
    timer = 0;
    onBack();
  });
  return {
    flush,
    push: () => write("pushState"),
    follow: () => soon(PLAYING_MS),
    touch() {
      clearTimeout(timer);
      timer = 0;
      soon(WAIT_MS);
    },
  };
}
