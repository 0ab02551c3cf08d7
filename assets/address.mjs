/** The page's address names track and time, so that a reload or a copied link finds both again. */

const WAIT_MS = 1000;

/** What the address asks for: `{ track, seconds }`, null and 0 where it says nothing. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const seconds = Number(query.get("t"));
  return { track: query.get("track"), seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 0 };
}

/** Keep the address true, at most once a second (browsers refuse more); `flush` writes at once. */
export function createAddress(current) {
  let timer = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    const { track, seconds } = current();
    if (!track) return;
    const query = new URLSearchParams(location.search);
    query.set("track", track);
    query.set("t", seconds.toFixed(1));
    const address = `${location.pathname}?${query}`;
    if (address !== location.pathname + location.search) history.replaceState(null, "", address);
  };
  addEventListener("pagehide", flush);
  return {
    flush,
    touch() {
      if (!timer) timer = setTimeout(flush, WAIT_MS);
    },
  };
}
