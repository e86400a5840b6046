// Pictures instead of a drawing: chosen, taken, dropped or pasted. Makes of each a file that every reader takes.

import { Unanswered } from "../answer/server.js";

const TAKEN = ["image/png", "image/jpeg", "image/webp"];
const MOST_BYTES = 4_000_000; // the server's limits; a photo has more
const MOST_TAKEN_PX = 4096;
const LEAST_TAKEN_PX = 2;
const SMALLER_SIDE_PX = 1024; // what every reader goes down to
const LOOKED_AT_PX = 32; // whether ink is light or dark can be seen on so few

/**
 * Puts pictures into the drawing. What it returns does so with a file, and calls nobody back.
 * @type {(desk: Desk, drawing: Drawing, then: PictureListeners) => PutPicture}
 */
export function followPictures(desk, drawing, { begun, failed }) {
  let newest = 0; // whatever was chosen or drawn later counts
  drawing.addEventListener("change", () => (newest += 1));
  /** @type {PutPicture} */
  const put = async (file) => {
    newest += 1;
    const mine = newest;
    const picture = await opened(file).catch(() => null);
    if (mine !== newest) {
      return;
    }
    if (!picture) {
      throw new Unanswered("unreadable");
    }
    drawing.put({ picture });
  };
  /** @type {TakeFiles} */
  const take = (given) => {
    const files = [...given];
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (file) {
      begun();
      put(file).catch(failed);
    }
  };
  for (const input of desk.querySelectorAll("input[type=file]")) {
    input.accept = "image/*"; // what the server does not take is made a PNG
    input.addEventListener("change", () => {
      take(input.files);
      input.value = ""; // so that the same file may be chosen again
    });
  }
  desk.querySelector("form").addEventListener("submit", (event) => event.preventDefault()); // choosing is enough
  addEventListener("paste", ({ clipboardData }) => take(clipboardData?.files ?? []));
  followDrops(desk, take);
  return put;
}

/** @type {(desk: Desk, take: TakeFiles) => void} */
function followDrops(desk, take) {
  /** @param {DragEvent} event */
  const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (holdsFiles(event)) {
      event.preventDefault(); // else the browser would open the file in place of the page
      desk.dataset.dragging = "";
    }
  });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || delete desk.dataset.dragging);
  addEventListener("drop", (event) => {
    delete desk.dataset.dragging;
    if (holdsFiles(event)) {
      event.preventDefault();
      take(event.dataTransfer?.files ?? []);
    }
  });
}

// Reads a PNG where the server would not take the file, and shows few pixels, as undo keeps many. Throws where it is no
// picture.
/** @type {(file: Blob) => Promise<Picture>} */
async function opened(file) {
  const whole = await createImageBitmap(file);
  const { width, height } = whole;
  const shown = smaller(whole);
  whole.close();
  const paper = paperOf(shown);
  const fits = Math.max(width, height) <= MOST_TAKEN_PX && Math.min(width, height) >= LEAST_TAKEN_PX;
  if (TAKEN.includes(file.type) && file.size <= MOST_BYTES && fits) {
    const copy = new Blob([await file.arrayBuffer()], { type: file.type }); // what lies on the disk may change
    return { file: copy, shown: await createImageBitmap(shown), size: [width, height], paper };
  }
  let sent = shown;
  let png = await pngOf(sent);
  if (png.size > MOST_BYTES) {
    sent = smaller(shown, SMALLER_SIDE_PX / 2); // noise: even so few pixels are more than the server takes
    png = await pngOf(sent);
  }
  return { file: png, shown: await createImageBitmap(shown), size: [sent.width, sent.height], paper };
}

// White under dark ink, black under light ink.
/** @param {CanvasImageSource} bitmap */
function paperOf(bitmap) {
  const canvas = Object.assign(document.createElement("canvas"), { width: LOOKED_AT_PX, height: LOOKED_AT_PX });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, LOOKED_AT_PX, LOOKED_AT_PX);
  const { data } = context.getImageData(0, 0, LOOKED_AT_PX, LOOKED_AT_PX);
  let [light, all] = [0, 0];
  for (let place = 0; place < data.length; place += 4) {
    light += (data[place + 3] * (data[place] + data[place + 1] + data[place + 2])) / (3 * 255);
    all += data[place + 3];
  }
  return light > all / 2 ? "#000" : "#fff";
}

/** @type {(canvas: DrawnCanvas) => Promise<Blob>} */
function pngOf(canvas) {
  return new Promise((resolve) => canvas.toBlob((png) => resolve(/** @type {Blob} */ (png)), "image/png"));
}

// → a canvas of at most `most` px a side
/** @type {(bitmap: ImageBitmap | DrawnCanvas, most?: number) => DrawnCanvas} */
function smaller(bitmap, most = SMALLER_SIDE_PX) {
  const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((px) => Math.max(LEAST_TAKEN_PX, Math.round(px * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}
