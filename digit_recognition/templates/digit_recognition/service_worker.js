// Keeps the pages for visits without a network: the shell when a release is installed, and the engine, which is large, once
// a page has loaded it. Every address but the pages' and the manifest's changes with its file: what is kept is not stale.
//
// A new release waits until no page of the old one is open; then it drops what the old one kept. So no page is ever mixed
// from two. offline.py writes two constants before this text: VERSION, and RELEASE, the addresses to keep.

const OURS = `digits ${registration.scope} `; // other programs of this origin keep things, too
const SHELL = `${OURS}shell ${VERSION}`;
const ENGINE = `${OURS}engine`; // outlives a release: most of it does not change
const PATIENCE_MS = 3000; // then the page that was kept is shown

const PAGES = new Map(Object.entries(RELEASE.pages).map(([address, named]) => [absolute(address), named]));
const FILES = new Set([...RELEASE.shell, ...RELEASE.engine].map(absolute));

addEventListener("install", (event) => event.waitUntil(keepShell()));
addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => clients.claim())));
addEventListener("message", (event) => event.data === "engine" && event.waitUntil(keepEngine()));

// What is not answered here goes its way as if there were no service worker: whatever is posted, and the token.
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") {
    return;
  }
  const [page] = url.split(/[?#]/);
  if (mode === "navigate" && PAGES.has(page)) {
    event.respondWith(shown(event, page));
  } else if (FILES.has(url)) {
    event.respondWith(file(event.request));
  }
});

async function keepShell() {
  const cache = await caches.open(SHELL);
  const pages = [...PAGES.keys()].map(async (page) => keepPage(cache, page, await fetchedPage(page)));
  await Promise.all([...pages, cache.addAll(RELEASE.shell)]);
}

/** @param {string} page */
function fetchedPage(page) {
  return fetch(page, { cache: "no-store", headers: { Accept: "text/html" } });
}

// Without its token, which is one visitor's and grows old: the page fetches another before it sends anything.
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

// Most of it the browser has just fetched, and has still: that is not loaded twice.
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

// The server's where it comes in time, so that a visitor who has a network has the newest release.
/** @type {(event: FetchEvent, page: string) => Promise<Response>} */
async function shown(event, page) {
  const answer = fetch(event.request);
  try {
    const response = await Promise.race([answer, late()]);
    if (response.status < 500) {
      event.waitUntil(keepLanguage(page, response.clone()));
      return response;
    }
  } catch {
    // no network, or hardly any
  }
  return (await keptPage(page)) ?? answer;
}

/** @param {string} page */
function keptPage(page) {
  return caches.match(page, { cacheName: SHELL, ignoreVary: true });
}

// The visitor has chosen another one since the pages were kept.
/** @type {(page: string, response: Response) => Promise<void>} */
async function keepLanguage(page, response) {
  const cache = await caches.open(SHELL);
  /** @param {string} one */
  const isOld = async (one) => languageOf(await keptPage(one)) !== languageOf(response);
  try {
    if (await isOld(page)) {
      await keepPage(cache, page, response);
    }
    for (const other of PAGES.keys()) {
      if (await isOld(other)) {
        await keepPage(cache, other, await fetchedPage(other));
      }
    }
  } catch {
    // they are of a newer release, which keeps its own
  }
}

/** @param {Response} [response] */
function languageOf(response) {
  return response?.headers.get("Content-Language");
}

/** @type {() => Promise<never>} */
function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

/** @param {Request} request */
async function file(request) {
  for (const cacheName of [SHELL, ENGINE]) {
    const kept = await caches.match(request.url, { cacheName, ignoreVary: true });
    if (kept) {
      return kept;
    }
  }
  return fetch(request);
}

/** @param {string} address */
function absolute(address) {
  return new URL(address, location.href).href;
}
