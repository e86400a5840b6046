// Asks the server over HTTP: its token, statuses and limits. Knows no page.

/** No answer came. `kind` says why, and names the page's data-text attribute with the words for it. */
export class Unanswered extends Error {
  /** @param {Failure} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** @type {Record<number, Failure>} */
const KINDS = { 400: "refused", 403: "expired", 415: "unreadable", 429: "busy", 503: "unavailable" };

/** Returns a function that asks. @type {(site: Site) => Ask} */
export function askServer({ url, token, tokenUrl, patienceMs, mostPoints }) {
  const send = senderOf(token, tokenUrl, url);
  return async ({ strokes, size, picture }, signal) => {
    const late = AbortSignal.timeout(patienceMs);
    const body = picture
      ? formOf(picture)
      : JSON.stringify({ strokes: thinOut(strokes, mostPoints), size, seen: true });
    try {
      /** @type {Answer<string>} */
      const answer = await contentOf(await send(body, anyOf(signal, late)), picture && "huge");
      return { ...answer, digits: await Promise.all(answer.digits.map(withImage)) };
    } catch (error) {
      if (error instanceof Unanswered) {
        throw error;
      }
      const noAnswer = navigator.onLine ? "unreachable" : "offline";
      throw new Unanswered(late.aborted ? "late" : noAnswer);
    }
  };
}

// Keeps the ends of each stroke and every second, fourth, … point between, until at most `most` points are left.
/** @type {(strokes: Place[][], most: number) => Place[][]} */
function thinOut(strokes, most) {
  const longest = Math.max(...strokes.map(({ length }) => length));
  let left = strokes;
  for (let step = 2; left.flat().length > most && step < 2 * longest; step *= 2) {
    left = strokes.map((stroke) => stroke.filter((_, place) => place % step === 0 || place === stroke.length - 1));
  }
  return left;
}

// A page from the offline cache has no token, and a token can expire while a page stays open: a missing one is fetched
// first, and after a 403 the request is sent once more with a new one.
/** @type {(first: string, tokenUrl: string, url: string) => Send} */
function senderOf(first, tokenUrl, url) {
  let token = first;
  return async (body, signal) => {
    token ||= await fetchToken(tokenUrl, signal);
    const response = await post(url, token, body, signal);
    if (response.status !== 403) {
      return response;
    }
    token = await fetchToken(tokenUrl, signal);
    return post(url, token, body, signal);
  };
}

/** @type {(tokenUrl: string, signal: AbortSignal) => Promise<string>} */
async function fetchToken(tokenUrl, signal) {
  const { token } = await contentOf(await fetch(tokenUrl, { signal }));
  return token;
}

/** @type {(url: string, token: string, body: BodyInit, signal: AbortSignal) => Promise<Response>} */
function post(url, token, body, signal) {
  /** @type {Record<string, string>} */
  const kind = typeof body === "string" ? { "Content-Type": "application/json" } : {}; // else the browser's
  const headers = { ...kind, Accept: "application/json", "X-CSRFToken": token };
  return fetch(url, { method: "POST", headers, body, signal });
}

/** tooLarge: the failure if the request is too large. @type {(response: Response, tooLarge?: Failure) => Promise<any>} */
async function contentOf(response, tooLarge = "large") {
  if (!response.ok) {
    throw new Unanswered(response.status === 413 ? tooLarge : (KINDS[response.status] ?? "broken"));
  }
  return response.json();
}

/** @type {(digit: Character<string>) => Promise<Character>} */
async function withImage(digit) {
  return { ...digit, seen: digit.seen === null ? null : await imageOf(digit.seen) };
}

/** @param {string} url */
async function imageOf(url) {
  const image = Object.assign(new Image(), { src: url });
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** @param {Blob} picture */
function formOf(picture) {
  const form = new FormData();
  form.append("image", picture);
  form.append("seen", "true");
  return form;
}

// AbortSignal.any is missing in some browsers that the page supports.
/** @param {AbortSignal[]} signals */
function anyOf(...signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    signal.addEventListener("abort", () => controller.abort(), { once: true });
  }
  return controller.signal;
}
