// Saves the drawing as a PNG or SVG file, and copies the answer to the clipboard.

import { linesOf } from "./line.js";
import { paintPicture, paintStroke } from "./paint.js";

const SIDE_PX = 1024;
const INK = "#000";
const PAPER = "#fff";
const COPIED_MS = 2000;

/** Black ink on white, even in dark mode. @param {Drawing} drawing */
export function savePng(drawing) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE_PX, height: SIDE_PX });
  const context = canvas.getContext("2d");
  context.scale(SIDE_PX, SIDE_PX);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, 1, 1);
  if (drawing.picture) {
    paintPicture(context, drawing.picture);
  }
  for (const stroke of drawing.strokes) {
    paintStroke(context, stroke, INK);
  }
  canvas.toBlob((png) => offer(/** @type {Blob} */ (png), "digit.png"), "image/png");
}

/** Strokes alone: a picture has no lines. @param {Drawing} drawing */
export function saveSvg(drawing) {
  const lines = drawing.strokes.flatMap(linesOf);
  const paths = lines
    .map(({ width, path }) => `<path d="${path}" stroke-width="${Number(width.toFixed(5))}"/>`)
    .join("");
  const ink = `<g fill="none" stroke="${INK}" stroke-linecap="round" stroke-linejoin="round">${paths}</g>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}" viewBox="0 0 1 1">`;
  const svg = `${head}<rect width="1" height="1" fill="${PAPER}"/>${ink}</svg>\n`;
  offer(new Blob([svg], { type: "image/svg+xml" }), "digit.svg");
}

/**
 * The button that copies the digit or number. Its text confirms that for a while.
 * @type {(desk: Desk, say: Say) => void}
 */
export function followCopy(desk, say) {
  const button = desk.querySelector("[data-action=copy]");
  button.disabled = !navigator.clipboard; // browsers offer it only on secure pages
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(desk.querySelector("[data-role=digit]").dataset.digit);
    } catch {
      return; // the browser refused, so the button confirms nothing
    }
    button.textContent = button.dataset.textDone;
    say(button.dataset.textDone);
    setTimeout(() => (button.textContent = button.dataset.text), COPIED_MS);
  });
}

/** @type {(blob: Blob, name: string) => void} */
function offer(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download has started long before
}
