// Opens a page that was taken along (frontend/sheets.mjs) where there is no network, with its style
// and scripts. It keeps nothing by itself, and whatever was not taken along goes to the network as
// if it were not there.

/** After so many milliseconds without an answer there is no network: where weak, it is silent. */
const PATIENCE = 10_000;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  const page = request.mode === 'navigate';
  const part = pathname.startsWith('/assets/');
  if (request.method !== 'GET' || origin !== location.origin || !(page || part)) return;
  // What a page says of how it was asked for (`?done=…`) is not part of what was taken along.
  event.respondWith(answered(request, page ? pathname : pathname + search));
});

/** What the network answers; where it does not, what was taken along. */
async function answered(request, name) {
  const taken = await caches.match(name);
  if (!taken) return fetch(request);
  let timer;
  const silent = new Promise((_, fail) => (timer = setTimeout(fail, PATIENCE)));
  try {
    return await Promise.race([fetch(request), silent]);
  } catch {
    return taken;
  } finally {
    clearTimeout(timer);
  }
}
