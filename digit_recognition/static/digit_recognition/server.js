// Asks the server for an answer. Whatever else can answer a drawing has this same shape: (drawing, signal) → answer.

/** No answer came; `kind` says why, in the words that the page's data-text attributes use. */
export class Unanswered extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const KINDS = { 400: "refused", 403: "expired", 413: "large", 503: "unavailable" };

/** → async (drawing, signal) → {digit, confidence, probabilities, reason, model, seen}; throws `Unanswered`. */
export function askServer({ url, token, patienceMs }) {
  return async ({ strokes, size }, signal) => {
    const late = AbortSignal.timeout(patienceMs);
    try {
      return await post(url, token, { strokes, size, seen: true }, either(signal, late));
    } catch (error) {
      if (error instanceof Unanswered) {
        throw error;
      }
      throw new Unanswered(late.aborted ? "late" : navigator.onLine ? "unreachable" : "offline");
    }
  };
}

async function post(url, token, content, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(content),
    signal,
  });
  if (!response.ok) {
    throw new Unanswered(KINDS[response.status] ?? "broken");
  }
  return response.json();
}

// AbortSignal.any is younger than the browsers that the rest of the page runs in.
function either(...signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    signal.addEventListener("abort", () => controller.abort(), { once: true });
  }
  return controller.signal;
}
