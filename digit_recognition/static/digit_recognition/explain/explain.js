// What each bit of the ink does for each digit: the network reads the picture again and again, each time without one bit
// (occlusion: Zeiler and Fergus, arXiv 1311.2901). Knows the picture and the probabilities, and no model's inside.

const SIDE = 28;
const CELL = 2; // px of the picture: one bit of ink is looked at in each such square …
const WINDOW = 4; // … and this much is taken away around its middle
const LEAST_INK = 1; // of a square's 4 px
const AT_ONCE = 8; // pictures in one run: what the pen asks meanwhile waits for no more
const TINY = 1e-30;

/**
 * x, y and side of the squares are px of the picture. gains: by how much each digit would lose without the ink, the log
 * of its odds against the best other. `stopped()` ends it early, with null.
 * @type {(picture: Float32Array, probabilitiesOf: ProbabilitiesOf, stopped: () => boolean) => Promise<Square[] | null>}
 */
export async function explained(picture, probabilitiesOf, stopped) {
  const cells = inked(picture);
  const whole = marginsOf(await probabilitiesOf(picture, 1));
  /** @type {Square[]} */
  const found = [];
  for (let start = 0; start < cells.length; start += AT_ONCE) {
    const some = cells.slice(start, start + AT_ONCE);
    const batch = Float32Array.from(some.flatMap((cell) => Array.from(without(picture, cell))));
    const probabilities = await probabilitiesOf(batch, some.length);
    some.forEach((cell, index) => {
      const margins = marginsOf(probabilities.slice(10 * index, 10 * index + 10));
      found.push({ x: cell.x, y: cell.y, side: CELL, gains: whole.map((margin, digit) => margin - margins[digit]) });
    });
    await new Promise((resolve) => setTimeout(resolve)); // lets in what the pen asks
    if (stopped()) {
      return null;
    }
  }
  return found;
}

// The squares that hold ink, and where in them it lies.
/** @param {Float32Array} picture */
function inked(picture) {
  const cells = [];
  for (let top = 0; top < SIDE; top += CELL) {
    for (let left = 0; left < SIDE; left += CELL) {
      const px = [0, 1, 2, 3].map((index) => ({ column: left + (index % CELL), row: top + Math.floor(index / CELL) }));
      const ink = px.map(({ column, row }) => picture[row * SIDE + column]);
      const total = ink.reduce((sum, one) => sum + one, 0);
      if (total >= LEAST_INK) {
        /** @param {"column" | "row"} axis */
        const mean = (axis) => px.reduce((sum, one, index) => sum + (one[axis] + 0.5) * ink[index], 0) / total;
        cells.push({ left, top, x: mean("column"), y: mean("row") });
      }
    }
  }
  return cells;
}

/** @type {(picture: Float32Array, cell: {left: number, top: number}) => Float32Array} */
function without(picture, { left, top }) {
  const margin = (WINDOW - CELL) / 2;
  /** @type {(place: number, start: number) => boolean} */
  const within = (place, start) => place >= start - margin && place < start + CELL + margin;
  return picture.map((ink, at) => (within(at % SIDE, left) && within(Math.floor(at / SIDE), top) ? 0 : ink));
}

/** @param {ArrayLike<number>} probabilities */
function marginsOf(probabilities) {
  const logs = Array.from(probabilities, (probability) => Math.log(probability + TINY));
  return logs.map((log, digit) => log - Math.max(...logs.filter((_, other) => other !== digit)));
}
