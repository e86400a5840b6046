// The drawing as a file, PNG or SVG, and the answer on the clipboard.

import { linesOf } from "./line.js";
import { paintPicture, paintStroke } from "./paint.js";

const SIDE_PX = 1024;
const INK = "#000";
const PAPER = "#fff";
const SAID_MS = 2000;

/** Offers the drawing as a file: dark ink on white, whatever the page looks like. @param {Drawing} drawing */
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

/** The same as lines; what is no drawing, a picture, has none. @param {Drawing} drawing */
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
 * The button that puts the digit in view on the clipboard, and says for a while that it did, as `say(text)` does.
 * @type {(desk: Desk, say: Say) => void}
 */
export function followCopy(desk, say) {
  const button = desk.querySelector("[data-action=copy]");
  button.disabled = !navigator.clipboard; // browsers have one on secure pages alone
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(desk.querySelector("[data-role=digit]").dataset.digit);
    } catch {
      return; // the browser does not allow it, and the button does not say that it did
    }
    button.textContent = button.dataset.textDone;
    say(button.dataset.textDone);
    setTimeout(() => (button.textContent = button.dataset.text), SAID_MS);
  });
}

/** @type {(blob: Blob, name: string) => void} */
function offer(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download has begun long before
}
