// The rule for several digits: parts that stand apart as digits do, and are each read as one. Follows
// recognizer/several.py, which explains the numbers; the golden drawings test both.

const MOST_PARTS = 4;
const LEAST_SIZE = 0.35;
const LEAST_SLENDERNESS = 0.4;
const SURE = 0.9;
const LIKELY = 0.5;
const FAR = 0.25;
const NEAR = 0.1;
const LEAST_LEVEL = 0.55;
const LEAST_HEIGHT = 0.35;
const LEAST_FAR_HEIGHT = 0.25;
/** @type {Record<string, number>} */
const RINGED = { "0 0": 8, "1 0": 6, "0 1": 9 };
const MOST_RING_GAP = 0.4;
const MOST_ALIKE = 0.8;
const TOUCHING = 0.025;
const RINGS = 1.135;

/**
 * Returns the indexes of the parts that may be digits of their own, the largest first: none, or two or more.
 * @type {(boxes: Box[]) => number[]}
 */
export function partsToRead(boxes) {
  const sizes = boxes.map(([left, top, right, bottom]) => Math.max(right - left, bottom - top));
  const least = LEAST_SIZE * sizes.reduce((most, size) => Math.max(most, size), 0);
  const largest = boxes
    .map((_, index) => index)
    .filter((index) => sizes[index] >= least && !isFlat(boxes[index]))
    .sort((first, second) => sizes[second] - sizes[first])
    .slice(0, MOST_PARTS);
  return largest.filter((index) =>
    largest.some((other) => other !== index && areOfTwo(placingOf(boxes[index], boxes[other]), 0)),
  );
}

/** @type {(box: Box) => boolean} */
function isFlat([left, top, right, bottom]) {
  return bottom - top <= LEAST_SLENDERNESS * (right - left);
}

/**
 * Returns the chance that two of the parts are digits, or null if the drawing does not show several digits. whole: the
 * answer to the drawing as one digit.
 * @type {(whole: number | null, readings: PartReading[]) => number | null}
 */
export function chanceOfSeveral(whole, readings) {
  const pairs = readings.flatMap((first, index) =>
    readings.slice(index + 1).map((second) => /** @type {const} */ ([first, second])),
  );
  return pairs
    .filter(([first, second]) => areTwo(whole, first, second))
    .map(([first, second]) => first.confidence * second.confidence)
    .reduce((most, chance) => Math.max(most ?? 0, chance), /** @type {number | null} */ (null));
}

/** @type {(whole: number | null, first: PartReading, second: PartReading) => boolean} */
function areTwo(whole, first, second) {
  const sure = Math.max(first.confidence, second.confidence);
  const likely = Math.min(first.confidence, second.confidence);
  const placing = placingOf(first.box, second.box);
  if (sure < SURE || likely < (isFar(placing) ? LIKELY : SURE) || areRings(whole, first, second, placing)) {
    return false;
  }
  return areOfTwo(placing, whole === null ? 0 : NEAR);
}

// A 6, 8 or 9 whose wide ring does not touch its other part, which lies above or below.
/** @type {(whole: number | null, first: PartReading, second: PartReading, placing: Placing) => boolean} */
function areRings(whole, first, second, placing) {
  const [upper, lower] = first.box[1] <= second.box[1] ? [first, second] : [second, first];
  const isClose = placing.down >= 0 && placing.down < MOST_RING_GAP * placing.low;
  if (whole === null || !isClose || RINGED[`${upper.digit} ${lower.digit}`] !== whole) {
    return false;
  }
  if (whole === 9 && placing.low > MOST_ALIKE * placing.tall) {
    return false;
  }
  const gap = placing.down / placing.low;
  const slender = [upper, lower].filter(({ digit }) => digit === 0).map(({ box }) => slenderness(box));
  return gap < TOUCHING || slender.reduce((sum, each) => sum + each) / slender.length + gap / 2 < RINGS;
}

/** Height over width. @param {Box} box */
function slenderness([left, top, right, bottom]) {
  return (bottom - top) / (right - left);
}

/** @type {(first: Box, second: Box) => Placing} */
function placingOf(first, second) {
  const [start, end] = [Math.max(first[1], second[1]), Math.min(first[3], second[3])];
  const rows = Math.max(first[3], second[3]) - Math.min(first[1], second[1]);
  const heights = [first[3] - first[1], second[3] - second[1]];
  return {
    across: Math.max(first[0], second[0]) - Math.min(first[2], second[2]),
    down: start - end,
    tall: Math.max(...heights),
    low: Math.min(...heights),
    level: rows > 0 ? Math.max(end - start, 0) / rows : 0,
  };
}

/** @param {Placing} placing */
function isFar({ across, down, tall, low }) {
  return Math.max(across, down) >= FAR * tall && low >= LEAST_FAR_HEIGHT * tall;
}

// True if two digits may be placed like this. gap: the least between digits side by side, of the taller part's height.
/** @type {(placing: Placing, gap: number) => boolean} */
function areOfTwo(placing, gap) {
  const { across, down, tall, low, level } = placing;
  const isAbove = down >= 0 && low >= LEAST_HEIGHT * tall;
  const isBeside = across >= gap * tall && level >= LEAST_LEVEL;
  return isFar(placing) || isAbove || isBeside;
}
