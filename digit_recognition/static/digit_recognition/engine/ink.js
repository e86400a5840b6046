// Turns strokes into the segments that the strokes door takes. Follows recognizer/doors/strokes.py to the last bit; the
// golden drawings test both.

const MOST_SEGMENTS = 512;
const MOST_STROKES = 256;
const LARGE = 1e300; // larger coordinates are scaled down first: their differences could overflow

/**
 * True if there is no ink, only a dot, or less than `minExtent` in both x and y.
 * @type {(strokes: Place[][], minExtent?: number) => boolean}
 */
export function isBlank(strokes, minExtent = 0) {
  const points = strokes.flat();
  if (points.length === 0) {
    return true;
  }
  const { low, high } = boxOf(points);
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  return extent === 0 || extent < minExtent;
}

/**
 * Returns x0, y0, x1, y1 of each segment, with the box's corner at 0 and its longer side 1. A one-point stroke is one
 * segment.
 * @type {(strokes: Place[][]) => Float32Array}
 */
export function segmentsOf(strokes) {
  const parts = thinnedOf(strokes).flatMap((stroke) =>
    stroke.length === 1
      ? [...stroke[0], ...stroke[0]]
      : stroke.slice(1).flatMap((point, index) => [...stroke[index], ...point]),
  );
  return Float32Array.from(parts);
}

/**
 * The strokes with points, with the box's corner at 0 and its longer side 1, of at most 512 segments.
 * @type {(strokes: Place[][]) => Place[][]}
 */
export function thinnedOf(strokes) {
  return thin(normalise(strokes.filter((stroke) => stroke.length)));
}

/**
 * The square that `segmentsOf` maps to 0 … 1, in the strokes' unit.
 * @type {(strokes: Place[][]) => Sheet}
 */
export function squareOf(strokes) {
  const { low, high } = boxOf(strokes.flat());
  return { left: low[0], top: low[1], side: Math.max(high[0] - low[0], high[1] - low[1]) || 1 };
}

/** @param {Place[]} points */
function boxOf(points) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const point of points) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], point[axis]);
      high[axis] = Math.max(high[axis], point[axis]);
    }
  }
  return { low, high };
}

/**
 * Moves the box's corner to 0 and scales its longer side to 1. strokes: each of one point or more.
 * @type {(strokes: Place[][]) => Place[][]}
 */
export function normalise(strokes) {
  const points = strokes.flat();
  if (points.some(([x, y]) => Math.max(Math.abs(x), Math.abs(y)) > LARGE)) {
    return normalise(strokes.map((stroke) => stroke.map(([x, y]) => [x * 2 ** -16, y * 2 ** -16])));
  }
  const { low, high } = boxOf(points);
  const longer = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  return strokes.map((stroke) => stroke.map(([x, y]) => [(x - low[0]) / longer, (y - low[1]) / longer]));
}

/**
 * Leaves up to 512 segments as they are. Otherwise picks at most 256 evenly spaced strokes, and keeps of each the ends
 * and the first point after each multiple of a step along the line.
 * @type {(strokes: Place[][]) => Place[][]}
 */
export function thin(strokes) {
  const segments = strokes.reduce((sum, stroke) => sum + Math.max(stroke.length - 1, 1), 0);
  if (segments <= MOST_SEGMENTS) {
    return strokes;
  }
  const chosen = Array.from(
    { length: Math.min(strokes.length, MOST_STROKES) },
    (_, index) => strokes[strokes.length > MOST_STROKES ? Math.floor((index * strokes.length) / MOST_STROKES) : index],
  );
  const ways = chosen.map(distancesAlong);
  const step = ways.reduce((sum, way) => sum + way[way.length - 1], 0) / (MOST_SEGMENTS - chosen.length);
  return chosen.map((stroke, index) => stroke.filter((_, place) => isKept(ways[index], place, step)));
}

// The distance along the line from the stroke's start to each point.
/** @param {Place[]} stroke */
function distancesAlong(stroke) {
  const way = [0];
  for (let place = 1; place < stroke.length; place += 1) {
    const across = stroke[place][0] - stroke[place - 1][0];
    const down = stroke[place][1] - stroke[place - 1][1];
    way.push(way[place - 1] + Math.sqrt(across * across + down * down));
  }
  return way;
}

/** @type {(way: number[], place: number, step: number) => boolean} */
function isKept(way, place, step) {
  if (place === 0 || place === way.length - 1) {
    return true;
  }
  return step > 0 && Math.floor(way[place] / step) > Math.floor(way[place - 1] / step);
}
