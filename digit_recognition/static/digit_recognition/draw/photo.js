// Pictures instead of a drawing: chosen, photographed, dropped or pasted. Converts each to a file that the device and
// the server accept.

import { Unanswered } from "../answer/server.js";
import { headerOf } from "./header.js";

const ACCEPTED = ["PNG", "JPEG", "WebP", "AVIF"]; // by the server, too
const FOREIGN = ["AVIF", "HEIC"]; // the server may read them if this browser cannot
const MOST_BYTES = 12_000_000; // the server's limits; some photos exceed them
const MOST_SIDE_PX = 4096;
const MOST_PIXELS = 8192 * 6144; // the largest photos of phones; more would fill a phone's memory
const LEAST_SIDE_PX = 2;
const SMALLER_SIDE_PX = 1024; // device and server scale larger pictures down to this
const SAMPLE_PX = 32; // enough to see whether the ink is light or dark

/**
 * Puts pictures from the form, drops and pastes into the drawing. Returns a function that puts a file there without
 * calling the listeners.
 * @type {(desk: Desk, drawing: Drawing, listeners: PictureListeners) => PutPicture}
 */
export function followPictures(desk, drawing, { onStart, onFailure }) {
  let newest = 0; // number of the last choice or change; an older picture that opens late is dropped
  drawing.addEventListener("change", () => (newest += 1));
  /** @type {PutPicture} */
  const put = async (file) => {
    newest += 1;
    const mine = newest;
    const picture = await openPicture(file).catch((error) => error);
    if (mine !== newest) {
      return;
    }
    if (picture instanceof Error) {
      throw picture instanceof Unanswered ? picture : new Unanswered("unreadable");
    }
    drawing.put({ picture });
  };
  /** @type {TakeFiles} */
  const take = (given) => {
    const files = [...given];
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (file) {
      onStart();
      put(file).catch(onFailure);
    }
  };
  for (const input of desk.querySelectorAll("input[type=file]")) {
    input.accept = "image/*"; // other formats are converted to PNG
    input.addEventListener("change", () => {
      take(input.files);
      input.value = ""; // lets the visitor choose the same file again
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
      event.preventDefault(); // else the browser would leave the page and open the file
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

// `shown` is small, because undo keeps many pictures. `file` is the original, or a PNG of `shown` if the server would
// refuse the original. Throws if neither the browser nor the server can open it.
/** @type {(file: Blob) => Promise<Picture>} */
async function openPicture(file) {
  const { format, pixels } = await headerOf(file);
  if (pixels > MOST_PIXELS) {
    throw new Unanswered("huge");
  }
  const whole = await createImageBitmap(file, resizeOf(pixels)).catch((error) => {
    if (FOREIGN.includes(format)) {
      return null;
    }
    throw error;
  });
  if (!whole) {
    return foreignPicture(file);
  }
  const { width, height } = whole;
  const shown = scaleDown(whole);
  whole.close();
  const paper = paperOf(shown);
  const fits = Math.max(width, height) <= MOST_SIDE_PX && Math.min(width, height) >= LEAST_SIDE_PX;
  if (ACCEPTED.includes(format) && pixels <= MOST_SIDE_PX ** 2 && file.size <= MOST_BYTES && fits) {
    const copy = new Blob([await file.arrayBuffer()], { type: file.type }); // the file on disk may change
    return { file: copy, shown: await createImageBitmap(shown), size: [width, height], paper };
  }
  const png = await pngOf(shown);
  return { file: png, shown: await createImageBitmap(shown), size: [shown.width, shown.height], paper };
}

// A browser that decodes a large photo to a small size needs less memory.
/** @type {(pixels: number) => ImageBitmapOptions} */
function resizeOf(pixels) {
  return pixels > MOST_SIDE_PX ** 2 ? { resizeWidth: SMALLER_SIDE_PX, resizeQuality: "high" } : {};
}

// A picture that only the server can read. In its place the page shows a sheet with a folded corner.
/** @type {(file: Blob) => Promise<Picture>} */
async function foreignPicture(file) {
  const copy = new Blob([await file.arrayBuffer()], { type: file.type });
  const canvas = Object.assign(document.createElement("canvas"), { width: 240, height: 240 });
  const context = canvas.getContext("2d");
  Object.assign(context, { strokeStyle: "#888", lineWidth: 6, lineJoin: "round" });
  context.stroke(new Path2D("M70 40h70l30 30v130h-100zM140 40v30h30M90 175l25-40 18 24 12-14 12 30z"));
  return { file: copy, shown: await createImageBitmap(canvas), size: [240, 240], paper: "#fff", foreign: true };
}

// The paper under transparent ink: white under dark ink, black under light ink.
/** @param {CanvasImageSource} bitmap */
function paperOf(bitmap) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SAMPLE_PX, height: SAMPLE_PX });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, SAMPLE_PX, SAMPLE_PX);
  const { data } = context.getImageData(0, 0, SAMPLE_PX, SAMPLE_PX);
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

// Copies it to a canvas of at most 1,024 px a side: even noise is then far smaller than the server's limit.
/** @param {ImageBitmap} bitmap */
function scaleDown(bitmap) {
  const scale = Math.min(1, SMALLER_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((px) => Math.max(LEAST_SIDE_PX, Math.round(px * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}
