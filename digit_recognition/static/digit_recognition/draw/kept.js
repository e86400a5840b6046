// What this browser tab remembers of the drawing, so that leaving the page and coming back keeps it. It is not sent.

const STROKES = "drawing";
const PICTURE = "picture"; // a data URL of its file
const MOST_BYTES = 3_000_000; // of a picture: a tab remembers some five million characters
const DECIMALS = 4; // of shares of the side: a twentieth of a pixel

/**
 * Brings back the drawing that the tab had, and remembers it from then on; of pictures those of up to 3 MB.
 * @type {(drawing: Drawing, putPicture: PutPicture) => void}
 */
export function keepInTab(drawing, putPicture) {
  const strokes = rememberedStrokes();
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
    JSON.stringify(drawing.strokes, (_, value) => rounded(value)),
  );
  forget(PICTURE);
  if (file && file.size <= MOST_BYTES) {
    const url = await urlOf(file);
    if (drawing.picture?.file === file) {
      keep(PICTURE, url);
    }
  }
}

// The tab's memory may hold what another release wrote.
/** @type {() => Stroke[]} */
function rememberedStrokes() {
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
function rounded(value) {
  return typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value;
}

// A browser may refuse to remember anything.

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
    forget(name); // what stood there is of another drawing
  }
}

/** @param {string} name */
function forget(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // nothing to do
  }
}
