// Finds out whether the cleaner took writing away together with a frame. Follows recognizer/numbers/lost_ink.py, which
// explains the numbers; the golden lines test both.

const KEPT = Math.fround(0.5);
const TAKEN = Math.fround(0.3);
const DARK = 0.6;
const BESIDE = 1;
const MIDDLE = 0.15;
const THICK = 0.15;
const LOST = 0.25;

/**
 * True if beside a line more than a frame's upright line was taken away. clean: what the cleaner left of the picture;
 * box: of the line, px.
 * @type {(picture: Gray, clean: Ink, box: Box) => boolean}
 */
export function hasLostInk({ gray, width }, { ink }, box) {
  const [left, top, right, bottom] = box.map(Math.floor);
  const high = bottom - top;
  const own = pixelsOf(left, top, right, bottom, width);
  const [kept, free] = [own.filter((pixel) => ink[pixel] > KEPT), own.filter((pixel) => ink[pixel] < TAKEN)];
  if (kept.length === 0 || free.length === 0) {
    return false;
  }
  const [writing, paper] = [kept, free].map((pixels) => middleOf(pixels.map((pixel) => gray[pixel])));
  const sign = writing > paper ? 1 : -1;
  /** @type {(pixel: number) => boolean} */
  const isTaken = (pixel) => (gray[pixel] - paper) * sign > DARK * Math.abs(writing - paper) && ink[pixel] < TAKEN;
  const far = Math.floor(BESIDE * high);
  const margin = Math.floor(MIDDLE * high);
  const rows = Array.from({ length: Math.max(high - 2 * margin, 0) }, (_, row) => (top + margin + row) * width);
  const before = columnsFrom(left - 1, Math.max(left - far, 0) - 1, -1);
  const behind = columnsFrom(right, Math.min(right + far, width), 1);
  return [before, behind].some((columns) => isMoreThanALine(rows, columns, isTaken, THICK * high));
}

/** @type {(left: number, top: number, right: number, bottom: number, width: number) => number[]} */
function pixelsOf(left, top, right, bottom, width) {
  const pixels = [];
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      pixels.push(row * width + column);
    }
  }
  return pixels;
}

/** @param {number[]} tones */
function middleOf(tones) {
  return tones.sort((first, second) => first - second)[Math.floor(tones.length / 2)];
}

/** Columns up to the end, which is left out. @type {(start: number, end: number, step: number) => number[]} */
function columnsFrom(start, end, step) {
  return Array.from({ length: Math.max((end - start) * step, 0) }, (_, place) => start + place * step);
}

// True if many rows have two runs of what was taken away, or a thick one. rows: their first pixels; columns: the nearest
// first. A run that reaches the last column does not count: it is a desk or a shadow.
/** @type {(rows: number[], columns: number[], isTaken: (pixel: number) => boolean, thick: number) => boolean} */
function isMoreThanALine(rows, columns, isTaken, thick) {
  if (rows.length === 0 || columns.length === 0) {
    return false;
  }
  const lost = rows.filter((row) => {
    const lengths = runsOf(columns.map((column) => isTaken(row + column)));
    return lengths.length > 1 || Math.max(0, ...lengths) > thick;
  });
  return lost.length >= LOST * rows.length;
}

// The lengths of the runs that end before the last place.
/** @param {boolean[]} places */
function runsOf(places) {
  const lengths = [];
  let length = 0;
  for (const isIn of places) {
    if (isIn) {
      length += 1;
    } else if (length > 0) {
      lengths.push(length);
      length = 0;
    }
  }
  return lengths;
}
