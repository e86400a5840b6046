// Leaves frames and ruled lines out of a picture's ink. Follows recognizer/numbers/furniture.py, which explains the
// numbers; the golden lines test both.

import { inPixels, labelInk, neighbours } from "./parts.js";

const GRID = 512;
const ENCLOSED = 0.3;
const LONG = 0.5;
const LONGER = 2;
const THIN = 0.12;
const MOSTLY = 0.85;

/**
 * Returns the ink without frames and ruled lines, and the boxes of its parts, px.
 * @type {(picture: Ink) => {writing: Ink, boxes: Box[]}}
 */
export function writingOf(picture) {
  const labelled = labelInk(picture, GRID);
  const { boxes, grid } = labelled;
  const furniture = new Set(
    Array.from(boxes.keys()).filter((part) => isFrame(labelled, part) || isRule(labelled, part)),
  );
  const areAll = furniture.size === boxes.length;
  const kept = boxes.filter((_, part) => areAll || !furniture.has(part)).map((box) => inPixels(box, grid));
  return { writing: furniture.size > 0 && !areAll ? wipe(picture, labelled, furniture) : picture, boxes: kept };
}

// Takes away the cells of parts, and the empty ones beside them: the pale edge of their lines.
/** @type {(picture: Ink, labelled: LabelledInk, parts: Set<number>) => Ink} */
function wipe({ ink, width, height }, { labels, grid: { side, columns, rows } }, parts) {
  const taken = labels.map((label, cell) => {
    const near = label ? [cell] : neighbours(Math.floor(cell / columns), cell % columns, rows, columns);
    return Number(near.some((each) => parts.has(labels[each] - 1)));
  });
  const wiped = ink.map((each, pixel) => {
    const [row, column] = [Math.floor(pixel / width / side), Math.floor((pixel % width) / side)];
    return taken[row * columns + column] ? 0 : each;
  });
  return { ink: wiped, width, height };
}

// True if a part is on the left, on the right, and above or below of another one in its box.
/** @type {(labelled: LabelledInk, part: number) => boolean} */
function isFrame({ labels, boxes, grid: { columns } }, part) {
  const [left, top, right, bottom] = boxes[part];
  /** @type {(row: number, start: number, end: number) => boolean} */
  const isBeside = (row, start, end) => labels.subarray(row * columns + start, row * columns + end).includes(part + 1);
  /** @type {(column: number, start: number, end: number) => boolean} */
  const isAbove = (column, start, end) => {
    for (let row = start; row < end; row += 1) {
      if (labels[row * columns + column] === part + 1) {
        return true;
      }
    }
    return false;
  };
  return boxes.some(([start, high, end, low], other) => {
    if (other === part || start <= left || end >= right || low - high < ENCLOSED * (bottom - top)) {
      return false;
    }
    const [row, column] = [Math.floor((high + low) / 2), Math.floor((start + end) / 2)];
    return (
      isBeside(row, left, start) &&
      isBeside(row, end, right) &&
      (isAbove(column, top, high) || isAbove(column, low, bottom))
    );
  });
}

// True for a long thin line along the writing, which may have short lines across it.
/** @type {(labelled: LabelledInk, part: number) => boolean} */
function isRule({ labels, boxes, grid: { columns } }, part) {
  const [left, top, right, bottom] = boxes[part];
  const tallest = boxes.reduce((most, box, other) => Math.max(most, other === part ? 0 : box[3] - box[1]), 0);
  const whole = Math.max(...boxes.map((box) => box[2])) - Math.min(...boxes.map((box) => box[0]));
  if (right - left < Math.max(LONG * whole, LONGER * tallest)) {
    return false;
  }
  let thin = 0;
  for (let column = left; column < right; column += 1) {
    let thick = 0;
    for (let row = top; row < bottom; row += 1) {
      thick += Number(labels[row * columns + column] === part + 1);
    }
    thin += Number(thick <= THIN * tallest);
  }
  return thin / (right - left) >= MOSTLY;
}
