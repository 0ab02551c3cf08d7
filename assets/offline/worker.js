/**
 * The page without its server: this service worker keeps the page and what was played of the samples, and gives them only
 * where the network does not. Whatever can be asked is asked, so that nothing is ever stale; only files whose address
 * names their content come from here first.
 *
 * Served as `/worker.js` with a line before it: `const KEPT = { revision, page, files }`. Another revision keeps
 * everything anew, and forgets the old.
 */

const STORE = `live-genre ${KEPT.revision}`;
const PAGE = new URL(KEPT.page, location).href;
const MARK = "X-Kept"; // Tells the page that its server was not heard.

self.addEventListener("install", (event) => {
  const files = [...KEPT.files, KEPT.page].map((address) => new URL(address, location).href);
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const forgotten = (name) => name.startsWith("live-genre ") && name !== STORE;
  const forget = async () => Promise.all((await caches.keys()).filter(forgotten).map((name) => caches.delete(name)));
  const hurry = self.registration.navigationPreload?.enable(); // The page is asked for while this wakes up.
  event.waitUntil(Promise.all([hurry, forget()]));
});

/** Keep what was played: `{ list, addresses }`; of the list of tracks only the samples, which are nobody's own. */
self.addEventListener("message", ({ data, source }) => {
  const keep = async () => {
    const store = await caches.open(STORE);
    const missing = [];
    for (const address of data.addresses) if (!(await store.match(address))) missing.push(address);
    await store.addAll(missing);
    const answer = await fetch(data.list);
    if (!answer.ok) return;
    const { tracks } = await answer.json();
    const samples = { tracks: tracks.filter(({ kind }) => kind === "sample") };
    await store.put(data.list, new Response(JSON.stringify(samples), { headers: { "Content-Type": "application/json" } }));
    source?.postMessage({ kept: data.addresses });
  };
  keep().catch(() => {}); // The network went away meanwhile: then it is not kept.
});

const isPage = ({ mode, url }) => mode === "navigate" && url.split(/[?#]/)[0] === PAGE;

/** A part of what is kept whole: media elements ask for ranges. */
async function part(response, range) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (from === undefined) return response;
  const whole = await response.blob();
  const end = Math.min(to ? Number(to) + 1 : whole.size, whole.size);
  const headers = { "Content-Type": response.headers.get("Content-Type"), "Content-Range": `bytes ${from}-${end - 1}/${whole.size}`, "Accept-Ranges": "bytes" };
  return new Response(whole.slice(Number(from), end), { status: 206, headers });
}

async function kept(request) {
  const store = await caches.open(STORE);
  const response = await store.match(isPage(request) ? PAGE : request.url);
  if (!response) return null;
  const range = request.headers.get("Range");
  if (range) return part(response, range);
  const headers = new Headers(response.headers);
  headers.set(MARK, "true");
  return new Response(response.body, { status: response.status, headers });
}

async function answered(request, preloaded) {
  try {
    const response = (await preloaded) ?? (await fetch(request));
    if (isPage(request) && response.ok) {
      const copy = response.clone();
      caches.open(STORE).then((store) => store.put(PAGE, copy)); // In the language that is read now.
    }
    return response;
  } catch (error) {
    const response = await kept(request);
    if (response) return response;
    throw error;
  }
}

/** What a sample's player asks; all else of the service, live above all, is no business of this. */
const isKeepable = (url) => /\/api\/tracks(\/\w+\/(audio|scores|peaks|spectrogram))?$/.test(url.split("?")[0]);
const isFile = (url) => KEPT.files.some((address) => new URL(address, location).href === url);
const namesItsContent = (url) => url.includes("/assets/") && new URL(url).searchParams.has("m");

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(location.origin)) return;
  if (namesItsContent(request.url)) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  else if (isPage(request) || isFile(request.url) || isKeepable(request.url)) event.respondWith(answered(request, event.preloadResponse));
});
