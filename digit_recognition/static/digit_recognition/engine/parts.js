// Finds the parts of a drawing that stand apart. Follows recognizer/parts.py to the last bit; the golden drawings test
// both.

const STROKES_GRID = 256; // cells along a drawing's longer side: lines less than a cell apart touch
const INK_GRID = 128; // most cells along the longer side of a picture's ink
const LEAST_INK = Math.fround(0.3); // of typical ink, or of the strongest if that is more: paler ink joins no parts

/**
 * False if no stroke lies wholly beside, above or below another: a quick look, before anything is joined.
 * @type {(strokes: Place[][]) => boolean}
 */
export function mayStandApart(strokes) {
  const boxes = strokes.map(boxOf);
  const [left, top] = [0, 1].map((edge) => Math.max(...boxes.map((box) => box[edge])));
  const [right, bottom] = [2, 3].map((edge) => Math.min(...boxes.map((box) => box[edge])));
  return strokes.length > 1 && (left >= right || top >= bottom);
}

/**
 * Joins the strokes that touch. They are normalised and thinned; see ink.js.
 * @type {(strokes: Place[][]) => {strokes: Place[][], box: Box}[]}
 */
export function partsOfStrokes(strokes) {
  const cells = strokes.map(cellsAlong);
  const inked = new Uint8Array(STROKES_GRID * STROKES_GRID);
  for (const cell of cells.flat()) {
    inked[cell] = 1;
  }
  const { labels, count } = labelParts(inked, STROKES_GRID);
  /** @type {Place[][][]} */
  const together = Array.from({ length: count }, () => []);
  strokes.forEach((stroke, index) => {
    together[labels[cells[index][0]] - 1].push(stroke);
  });
  return together.map((own) => ({ strokes: own, box: boxOf(own.flat()) }));
}

/** @type {(points: Place[]) => Box} */
export function boxOf(points) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

// The cells that a stroke passes, row · columns + column, without a gap between them. Two steps a cell: single ones may
// skip a cell by rounding.
/** @param {Place[]} stroke */
function cellsAlong(stroke) {
  const ends = stroke.map(([x, y]) => [x * STROKES_GRID, y * STROKES_GRID]);
  const cells = [];
  for (let place = 0; place < Math.max(ends.length - 1, 1); place += 1) {
    const [start, end] = [ends[place], ends[place + 1] ?? ends[place]];
    const change = [end[0] - start[0], end[1] - start[1]];
    const steps = Math.floor(2 * Math.max(Math.abs(change[0]), Math.abs(change[1]))) + 1;
    for (let step = 0; step <= steps; step += 1) {
      const [column, row] = [0, 1].map((axis) => cellOf(start[axis] + change[axis] * (step / steps)));
      cells.push(row * STROKES_GRID + column);
    }
  }
  return cells;
}

/** @param {number} place */
function cellOf(place) {
  return Math.min(Math.max(Math.floor(place), 0), STROKES_GRID - 1);
}

/**
 * Finds the parts of a picture's ink, with their boxes in px; null for a picture of one part or none. `cutOut` returns
 * the ink of one part, in the middle of a square: its cells, and empty ones beside them for the pale edge of lines.
 * @type {(picture: Ink) => {boxes: Box[], cutOut: (index: number) => Ink} | null}
 */
export function partsOfInk(picture) {
  const least = leastOf(picture);
  const grid = gridOf(picture, least);
  const { labels, count } = labelParts(cellsOf(picture, least, grid), grid.columns);
  if (count < 2) {
    return null;
  }
  const cells = boxesOf(labels, count, grid.columns);
  return {
    boxes: cells.map((box) => inPixels(box, grid)),
    cutOut: (index) => cutOut(picture, grid, labels, index + 1, cells[index]),
  };
}

/**
 * Returns the parts of a picture's ink on a grid, and the box of each in cells. cells: the most along its longer side.
 * @type {(picture: Ink, cells: number) => LabelledInk}
 */
export function labelInk(picture, cells) {
  const { width, height } = picture;
  const side = Math.ceil(Math.max(width, height) / cells);
  const grid = { left: 0, top: 0, side, columns: Math.ceil(width / side), rows: Math.ceil(height / side) };
  const { labels, count } = labelParts(cellsOf(picture, leastOf(picture), grid), grid.columns);
  return { labels, boxes: boxesOf(labels, count, grid.columns), grid };
}

// Paler ink joins no parts. Typical ink is pale in a picture of much paper and noise.
/** @param {Ink} picture */
function leastOf({ ink }) {
  return Math.fround(LEAST_INK * ink.reduce((most, each) => Math.max(most, each), 1));
}

/** @type {(box: Box, grid: Grid) => Box} */
export function inPixels(box, { left, top, side }) {
  return [left + box[0] * side, top + box[1] * side, left + box[2] * side, top + box[3] * side];
}

// The grid covers the ink, and a cell around it for the pale edge of its lines.
/** @type {(picture: Ink, least: number) => Grid} */
function gridOf({ ink, width, height }, least) {
  const [low, high] = [
    [width, height],
    [-1, -1],
  ];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (ink[y * width + x] > least) {
        [low[0], low[1]] = [Math.min(low[0], x), Math.min(low[1], y)];
        [high[0], high[1]] = [Math.max(high[0], x), Math.max(high[1], y)];
      }
    }
  }
  const side = Math.max(Math.ceil((Math.max(high[0] - low[0], high[1] - low[1]) + 1) / INK_GRID), 1);
  const [left, top] = low.map((edge) => Math.max(edge - side, 0));
  const columns = Math.ceil((Math.min(high[0] + 1 + side, width) - left) / side);
  const rows = Math.ceil((Math.min(high[1] + 1 + side, height) - top) / side);
  return { left, top, side, columns: Math.max(columns, 0), rows: Math.max(rows, 0) };
}

/** @type {(picture: Ink, least: number, grid: Grid) => Uint8Array} */
function cellsOf({ ink, width, height }, least, { left, top, side, columns, rows }) {
  const inked = new Uint8Array(columns * rows);
  for (let y = top; y < Math.min(top + rows * side, height); y += 1) {
    for (let x = left; x < Math.min(left + columns * side, width); x += 1) {
      if (ink[y * width + x] > least) {
        inked[Math.floor((y - top) / side) * columns + Math.floor((x - left) / side)] = 1;
      }
    }
  }
  return inked;
}

/** @type {(labels: Int32Array, count: number, columns: number) => Box[]} */
function boxesOf(labels, count, columns) {
  /** @type {Box[]} */
  const boxes = Array.from({ length: count }, () => [Infinity, Infinity, 0, 0]);
  labels.forEach((label, cell) => {
    if (label) {
      const [column, row, box] = [cell % columns, Math.floor(cell / columns), boxes[label - 1]];
      box[0] = Math.min(box[0], column);
      box[1] = Math.min(box[1], row);
      box[2] = Math.max(box[2], column + 1);
      box[3] = Math.max(box[3], row + 1);
    }
  });
  return boxes;
}

/** @type {(picture: Ink, grid: Grid, labels: Int32Array, label: number, box: Box) => Ink} */
function cutOut(picture, { columns, rows, left, top, side }, labels, label, box) {
  const [first, upper] = [Math.max(box[0] - 1, 0), Math.max(box[1] - 1, 0)];
  const [last, lower] = [Math.min(box[2] + 1, columns), Math.min(box[3] + 1, rows)];
  const [startX, startY] = [left + first * side, top + upper * side];
  const width = Math.min((last - first) * side, picture.width - startX);
  const height = Math.min((lower - upper) * side, picture.height - startY);
  const longer = Math.max(width, height);
  const [before, above] = [Math.floor((longer - width) / 2), Math.floor((longer - height) / 2)];
  const ink = new Float32Array(longer * longer);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [column, row] = [first + Math.floor(x / side), upper + Math.floor(y / side)];
      const own = labels[row * columns + column];
      if (
        own === label ||
        (own === 0 && neighbours(row, column, rows, columns).some((cell) => labels[cell] === label))
      ) {
        ink[(above + y) * longer + before + x] = picture.ink[(startY + y) * picture.width + startX + x];
      }
    }
  }
  return { ink, width: longer, height: longer };
}

/**
 * Numbers the parts of a grid, by rows; cells that touch, also at a corner, are one part. Parts are numbered in the order
 * of their first cells.
 * @type {(inked: Uint8Array, columns: number) => {labels: Int32Array, count: number}}
 */
export function labelParts(inked, columns) {
  const rows = inked.length / columns;
  const labels = new Int32Array(inked.length);
  let count = 0;
  for (let first = 0; first < inked.length; first += 1) {
    if (inked[first] && !labels[first]) {
      count += 1;
      labels[first] = count;
      for (const reached = [first]; reached.length > 0; ) {
        const cell = /** @type {number} */ (reached.pop());
        for (const near of neighbours(Math.floor(cell / columns), cell % columns, rows, columns)) {
          if (inked[near] && !labels[near]) {
            labels[near] = count;
            reached.push(near);
          }
        }
      }
    }
  }
  return { labels, count };
}

/** @type {(row: number, column: number, rows: number, columns: number) => number[]} */
export function neighbours(row, column, rows, columns) {
  const cells = [];
  for (let y = Math.max(row - 1, 0); y < Math.min(row + 2, rows); y += 1) {
    for (let x = Math.max(column - 1, 0); x < Math.min(column + 2, columns); x += 1) {
      cells.push(y * columns + x);
    }
  }
  return cells;
}
