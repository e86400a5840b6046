// Measures the effect of each bit of ink on each digit: the network reads the picture many times, each time without one
// bit (occlusion: Zeiler and Fergus, arXiv 1311.2901). Knows pictures and probabilities, not the network's inside.

const SIDE = 28;
const CELL = 2; // px: side of the squares whose ink is measured
const WINDOW = 4; // px: side of the square that is erased around each of them
const LEAST_INK = 1; // sum over a square's 4 px
const AT_ONCE = 8; // pictures in a run: the pen's questions wait for one run
const TINY = 1e-30;

/**
 * Returns squares in px of the picture. gains: how much each digit's log odds against the best other digit would fall
 * without the ink. If `isOver()`, it ends early and returns null.
 * @type {(picture: Float32Array, probabilitiesOf: ProbabilitiesOf, isOver: () => boolean) => Promise<Square[] | null>}
 */
export async function explainPicture(picture, probabilitiesOf, isOver) {
  const cells = inkedCells(picture);
  const whole = marginsOf(await probabilitiesOf(picture));
  /** @type {Square[]} */
  const found = [];
  for (let start = 0; start < cells.length; start += AT_ONCE) {
    const part = cells.slice(start, start + AT_ONCE);
    const batch = Float32Array.from(part.flatMap((cell) => Array.from(erase(picture, cell))));
    const probabilities = await probabilitiesOf(batch);
    part.forEach((cell, index) => {
      const margins = marginsOf(probabilities.slice(10 * index, 10 * index + 10));
      found.push({ x: cell.x, y: cell.y, side: CELL, gains: whole.map((margin, digit) => margin - margins[digit]) });
    });
    await new Promise((resolve) => setTimeout(resolve)); // lets the pen's questions in
    if (isOver()) {
      return null;
    }
  }
  return found;
}

// The squares with ink, each with the ink's centre, x and y.
/** @param {Float32Array} picture */
function inkedCells(picture) {
  const cells = [];
  for (let top = 0; top < SIDE; top += CELL) {
    for (let left = 0; left < SIDE; left += CELL) {
      const px = [0, 1, 2, 3].map((index) => ({ column: left + (index % CELL), row: top + Math.floor(index / CELL) }));
      const ink = px.map(({ column, row }) => picture[row * SIDE + column]);
      const total = ink.reduce((sum, tone) => sum + tone, 0);
      if (total >= LEAST_INK) {
        /** @param {"column" | "row"} axis */
        const mean = (axis) => px.reduce((sum, place, index) => sum + (place[axis] + 0.5) * ink[index], 0) / total;
        cells.push({ left, top, x: mean("column"), y: mean("row") });
      }
    }
  }
  return cells;
}

/** @type {(picture: Float32Array, cell: {left: number, top: number}) => Float32Array} */
function erase(picture, { left, top }) {
  const margin = (WINDOW - CELL) / 2;
  /** @type {(place: number, start: number) => boolean} */
  const within = (place, start) => place >= start - margin && place < start + CELL + margin;
  return picture.map((ink, index) => (within(index % SIDE, left) && within(Math.floor(index / SIDE), top) ? 0 : ink));
}

/** @param {ArrayLike<number>} probabilities */
function marginsOf(probabilities) {
  const logs = Array.from(probabilities, (probability) => Math.log(probability + TINY));
  return logs.map((log, digit) => log - Math.max(...logs.filter((_, other) => other !== digit)));
}
