// Pictures instead of a drawing: chosen, taken, dropped or pasted. Makes of each a file that every reader takes.

import { Unanswered } from "./server.js";

const TAKEN = ["image/png", "image/jpeg", "image/webp"];
const MOST_BYTES = 4_000_000; // the server's limits; a photo has more
const MOST_SIDE_PX = 4096;
const SMALLER_SIDE_PX = 1024; // what every reader goes down to; as PNG never more than its bytes

/** Calls back with {file, shown}, the file to be read and an ImageBitmap of it, upright; or with an `Unanswered`. */
export function followPictures(desk, { put, failed }) {
  const take = (files) => {
    const file = [...files].find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (file) {
      opened(file).then(put, () => failed(new Unanswered("unreadable")));
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
  addEventListener("paste", ({ clipboardData }) => take(clipboardData.files));
  followDrops(desk, take);
}

function followDrops(desk, take) {
  const holdsFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
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
      take(event.dataTransfer.files);
    }
  });
}

/** A picture's file → {file, shown}; one that no reader takes is made a PNG. Throws where it is no picture. */
export async function opened(file) {
  const shown = await createImageBitmap(file);
  const taken = TAKEN.includes(file.type) && file.size <= MOST_BYTES && Math.max(shown.width, shown.height) <= MOST_SIDE_PX;
  return { file: taken ? file : await smaller(shown), shown };
}

async function smaller(bitmap) {
  const scale = Math.min(1, SMALLER_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const size = { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) };
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
