// Tells the lines of a text apart, from the boxes of its strokes or parts. Follows recognizer/numbers/rows.py, which
// explains the numbers; the golden lines test both.

const LEAST_HEIGHT = 0.35;
const LEAST_SHARED = 0.25;

/**
 * Returns the indexes of the boxes on each line, lines from top to bottom, boxes in their order.
 * @type {(boxes: Box[]) => number[][]}
 */
export function rowsOf(boxes) {
  const highest = boxes.reduce((most, [, top, , bottom]) => Math.max(most, bottom - top), 0);
  const order = boxes
    .map((_, index) => index)
    .sort((first, second) => middleOf(boxes[first]) - middleOf(boxes[second]) || first - second);
  /** @type {number[][]} */
  const lines = [];
  let [deepest, before] = [-1, -1];
  for (const index of order) {
    const box = boxes[index];
    if (box[3] - box[1] < LEAST_HEIGHT * highest) {
      continue;
    }
    if (lines.length > 0 && (shareRows(boxes[before], box) || shareRows(boxes[deepest], box))) {
      lines[lines.length - 1].push(index);
      deepest = box[3] > boxes[deepest][3] ? index : deepest;
    } else {
      lines.push([index]);
      deepest = index;
    }
    before = index;
  }
  addSmall(lines, boxes, order);
  return lines.map((line) => line.sort((first, second) => first - second));
}

/** @type {(box: Box) => number} */
function middleOf([, top, , bottom]) {
  return top + bottom;
}

/** @type {(lines: number[][], boxes: Box[], order: number[]) => void} */
function addSmall(lines, boxes, order) {
  const taken = new Set(lines.flat());
  const tops = lines.map((line) => line.reduce((most, index) => Math.min(most, boxes[index][1]), Infinity));
  const bottoms = lines.map((line) => line.reduce((most, index) => Math.max(most, boxes[index][3]), -Infinity));
  for (const index of order.filter((each) => !taken.has(each))) {
    const [, top, , bottom] = boxes[index];
    const first = bottoms.findIndex((end) => end >= (top + bottom) / 2);
    const below = first < 0 ? lines.length - 1 : first;
    const above = Math.max(below - 1, 0);
    lines[top - bottoms[above] < tops[below] - bottom ? above : below].push(index);
  }
}

/** @type {(first: Box, second: Box) => boolean} */
function shareRows(first, second) {
  const shared = Math.min(first[3], second[3]) - Math.max(first[1], second[1]);
  return shared >= LEAST_SHARED * Math.min(first[3] - first[1], second[3] - second[1]);
}
