// Keeps the drawing in the browser tab, so that it survives leaving the page and coming back. Sends nothing.

const STROKES = "drawing";
const PICTURE = "picture"; // a data URL of its file
const MOST_BYTES = 3_000_000; // of a picture: session storage holds about five million characters
const DECIMALS = 4; // of shares of the side: precise to a twentieth of a pixel

/**
 * Restores the tab's drawing, then stores each new one. Pictures over 3 MB are not stored.
 * @type {(drawing: Drawing, putPicture: PutPicture) => void}
 */
export function keepInTab(drawing, putPicture) {
  const strokes = recallStrokes();
  const url = recall(PICTURE);
  if (strokes.length > 0) {
    drawing.put({ strokes });
  } else if (url) {
    fileOf(url)
      .then(putPicture)
      .catch(() => forget(PICTURE));
  }
  drawing.addEventListener("settle", () => remember(drawing));
}

/** @param {Drawing} drawing */
async function remember(drawing) {
  const file = drawing.picture?.file;
  keep(
    STROKES,
    JSON.stringify(drawing.strokes, (_, value) => roundNumber(value)),
  );
  forget(PICTURE);
  if (file && file.size <= MOST_BYTES) {
    const url = await urlOf(file);
    if (drawing.picture?.file === file) {
      keep(PICTURE, url);
    }
  }
}

// The stored text may be from another release.
/** @type {() => Stroke[]} */
function recallStrokes() {
  try {
    const strokes = JSON.parse(recall(STROKES) ?? "[]");
    return strokes.every(isSound) ? strokes : [];
  } catch {
    return [];
  }
}

/** @param {Stroke} stroke */
function isSound({ points, width }) {
  return width > 0 && points.length > 0 && points.every((point) => point.every(Number.isFinite));
}

/** @type {(file: Blob) => Promise<string>} */
function urlOf(file) {
  const reader = new FileReader();
  reader.readAsDataURL(file);
  return new Promise((resolve) => reader.addEventListener("load", () => resolve(String(reader.result))));
}

// data:image/png;base64,…
/** @param {string} url */
async function fileOf(url) {
  const [head, content] = url.split(",");
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5).split(";")[0] });
}

/** @param {unknown} value */
function roundNumber(value) {
  return typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value;
}

// Session storage: a browser may refuse it.

/** @param {string} name */
function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @type {(name: string, text: string) => void} */
function keep(name, text) {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    forget(name); // the old entry belongs to another drawing
  }
}

/** @param {string} name */
function forget(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // nothing is stored
  }
}
