// Makes the site work offline. Caches the shell when a release is installed, and the large engine after a page has
// loaded it. Addresses change with their files, except for the pages and the manifest: cached files are never stale.
//
// A new release waits until no page of the old one is open, then drops the old cache: no page mixes two releases.
// offline.py writes two constants above this text: VERSION and RELEASE, the addresses to cache.

const OURS = `digits ${registration.scope} `; // prefix: other sites of this origin have caches, too
const SHELL = `${OURS}shell ${VERSION}`;
const ENGINE = `${OURS}engine`; // outlives a release, since most of it does not change
const PATIENCE_MS = 3000; // then the cached page is served

const PAGES = new Map(Object.entries(RELEASE.pages).map(([address, named]) => [toAbsolute(address), named]));
const FILES = new Set([...RELEASE.shell, ...RELEASE.engine].map(toAbsolute));

addEventListener("install", (event) => event.waitUntil(keepShell()));
addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => clients.claim())));
addEventListener("message", (event) => event.data === "engine" && event.waitUntil(keepEngine()));

// All other requests go to the network untouched, among them every POST and the token.
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") {
    return;
  }
  const [page] = url.split(/[?#]/);
  if (mode === "navigate" && PAGES.has(page)) {
    event.respondWith(servePage(event, page));
  } else if (FILES.has(url)) {
    event.respondWith(serveFile(event.request));
  }
});

async function keepShell() {
  const cache = await caches.open(SHELL);
  const pages = [...PAGES.keys()].map(async (page) => keepPage(cache, page, await fetchPage(page)));
  await Promise.all([...pages, cache.addAll(RELEASE.shell)]);
}

/** @param {string} page */
function fetchPage(page) {
  return fetch(page, { cache: "no-store", headers: { Accept: "text/html" } });
}

// Removes the token, which belongs to one visitor and expires: the page fetches a new one before it sends anything.
/** @type {(cache: Cache, page: string, response: Response) => Promise<void>} */
async function keepPage(cache, page, response) {
  const text = await response.text();
  if (!response.ok || !PAGES.get(page)?.every((address) => text.includes(address))) {
    throw new Error("This page is from another release: the server is being updated. The next visit tries again.");
  }
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  await cache.put(page, new Response(text.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1"), { headers }));
}

// The browser's own cache still has most of these files: they are not downloaded twice.
async function keepEngine() {
  const cache = await caches.open(ENGINE);
  for (const address of RELEASE.engine) {
    if (!(await cache.match(address, { ignoreVary: true }))) {
      await cache.add(new Request(address, { cache: "force-cache" }));
    }
  }
}

async function dropOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(OURS) && name !== SHELL && name !== ENGINE);
  await Promise.all(older.map((name) => caches.delete(name)));
  const engine = await caches.open(ENGINE);
  const unused = (await engine.keys()).filter(({ url }) => !FILES.has(url));
  await Promise.all(unused.map((request) => engine.delete(request, { ignoreVary: true })));
}

// Serves the server's page if it comes in time, so that online visitors get the newest release.
/** @type {(event: FetchEvent, page: string) => Promise<Response>} */
async function servePage(event, page) {
  const answer = fetch(event.request);
  try {
    const response = await Promise.race([answer, rejectLate()]);
    if (response.status < 500) {
      event.waitUntil(keepLanguage(page, response.clone()));
      return response;
    }
  } catch {
    // no network, or a very slow one
  }
  return (await cachedPage(page)) ?? answer;
}

/** @param {string} page */
function cachedPage(page) {
  return caches.match(page, { cacheName: SHELL, ignoreVary: true });
}

// If the visitor has changed the language, caches the pages in the new one.
/** @type {(page: string, response: Response) => Promise<void>} */
async function keepLanguage(page, response) {
  const cache = await caches.open(SHELL);
  /** @param {string} address */
  const isOld = async (address) => languageOf(await cachedPage(address)) !== languageOf(response);
  try {
    if (await isOld(page)) {
      await keepPage(cache, page, response);
    }
    for (const other of PAGES.keys()) {
      if (await isOld(other)) {
        await keepPage(cache, other, await fetchPage(other));
      }
    }
  } catch {
    // the pages are from a newer release, which caches its own
  }
}

/** @param {Response} [response] */
function languageOf(response) {
  return response?.headers.get("Content-Language");
}

/** @type {() => Promise<never>} */
function rejectLate() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

/** @param {Request} request */
async function serveFile(request) {
  for (const cacheName of [SHELL, ENGINE]) {
    const kept = await caches.match(request.url, { cacheName, ignoreVary: true });
    if (kept) {
      return kept;
    }
  }
  return fetch(request);
}

/** @param {string} address */
function toAbsolute(address) {
  return new URL(address, location.href).href;
}
