// Makes the picture that the line network sees: one line of writing, 32 px high, light ink on dark. Follows
// recognizer/numbers/line_pictures.py, which explains the numbers, to the last bit; the golden lines test both.

export const HEIGHT = 32;
const WRITING = 26;
export const FINER = 2;
const MARGIN = 8;
const WIDTH_STEP = 16;
const MOST_WRITING = 1600;
const STEP = 0.75;
const MOST_POINTS = 20_000;
const PEN = 1.5;
const REACHED = 2 * PEN + 1; // px across that a tent may reach
const LEAST_LENGTH = 1.5;
const GAIN = 1.9;
const ONE = 1 << 16;
const LEAST_INK = 0.08;
const FULL = 0.8;
const TOE = 0.25;
const REACH = 0.6;

/**
 * Draws strokes that are together no dot.
 * @type {(strokes: Place[][]) => LinePicture}
 */
export function drawStrokes(strokes) {
  const [left, top, right, bottom] = boxOf(strokes);
  const [wide, high] = [right - left, bottom - top];
  const scale = Math.min(high > 0 ? WRITING / high : Infinity, wide > 0 ? MOST_WRITING / wide : Infinity);
  const width = WIDTH_STEP * Math.ceil((wide * scale + 2 * MARGIN) / WIDTH_STEP);
  const start = [MARGIN, (HEIGHT - high * scale) / 2];
  const ink = new Float64Array(HEIGHT * width);
  /** @type {Place[][]} */
  const scaled = strokes.map((stroke) => stroke.map(([x, y]) => [(x - left) * scale, (y - top) * scale]));
  const step = stepOf(scaled);
  for (const stroke of scaled) {
    const { places, length } = walk(stroke, step);
    for (const [x, y] of places) {
      deposit(ink, width, x + start[0], y + start[1], length * ((GAIN / PEN) * ONE));
    }
  }
  const picture = Uint8Array.from(ink, (sum) => Math.floor((Math.min(sum, ONE) * 255) / ONE + 0.5));
  return { picture, width, corner: [left - start[0] / scale, top - start[1] / scale], scale };
}

/** @type {(strokes: Place[][]) => Box} */
function boxOf(strokes) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of strokes.flat()) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/**
 * The distance between the points along the strokes, px.
 * @type {(strokes: Place[][]) => number}
 */
export function stepOf(strokes) {
  let length = 0;
  for (const stroke of strokes) {
    length += lengthOf(stroke);
  }
  return Math.max(STEP, length / MOST_POINTS);
}

/** The length of a stroke. @param {Place[]} stroke */
export function lengthOf(stroke) {
  return distancesAlong(stroke)[stroke.length - 1];
}

// The distance along the stroke from its start to each point.
/** @param {Place[]} stroke */
function distancesAlong(stroke) {
  const along = [0];
  for (let place = 1; place < stroke.length; place += 1) {
    const across = stroke[place][0] - stroke[place - 1][0];
    const down = stroke[place][1] - stroke[place - 1][1];
    along.push(along[place - 1] + Math.sqrt(across * across + down * down));
  }
  return along;
}

/**
 * Returns points along a stroke, evenly apart, and the length of line that each stands for. px.
 * @type {(stroke: Place[], step: number) => {places: Place[], length: number}}
 */
export function walk(stroke, step) {
  const along = distancesAlong(stroke);
  const whole = along[along.length - 1];
  const count = Math.max(Math.ceil(whole / step), 1);
  const length = (whole + Math.max(LEAST_LENGTH - whole, 0)) / count;
  if (whole === 0) {
    return { places: [stroke[0]], length };
  }
  /** @type {Place[]} */
  const places = [];
  let before = 0;
  for (let index = 0; index < count; index += 1) {
    const wanted = (index + 0.5) * (whole / count);
    while (before < along.length - 2 && along[before + 1] <= wanted) {
      before += 1;
    }
    const part = (wanted - along[before]) / (along[before + 1] - along[before]);
    const [start, end] = [stroke[before], stroke[before + 1]];
    places.push([start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])]);
  }
  return { places, length };
}

// Adds a tent of ink. All that is added is a whole number, so that no order of adding matters.
/** @type {(ink: Float64Array, width: number, x: number, y: number, amount: number) => void} */
function deposit(ink, width, x, y, amount) {
  const [left, top] = [Math.floor(x - PEN + 0.5), Math.floor(y - PEN + 0.5)];
  for (let row = Math.max(top, 0); row < Math.min(top + REACHED, HEIGHT); row += 1) {
    const high = Math.max(1 - Math.abs(row + 0.5 - y) / PEN, 0);
    for (let column = Math.max(left, 0); column < Math.min(left + REACHED, width); column += 1) {
      const wide = Math.max(1 - Math.abs(column + 0.5 - x) / PEN, 0);
      ink[row * width + column] += Math.floor(high * wide * amount + 0.5);
    }
  }
}

/**
 * Brings a line of a picture's ink to the standard height and full contrast. box: of the line, px.
 * @type {(picture: Ink, box: Box) => LinePicture}
 */
export function shrinkInk(picture, [left, top, right, bottom]) {
  const [wide, high] = [right - left, bottom - top];
  const scale = Math.min(WRITING / high, MOST_WRITING / wide);
  const width = WIDTH_STEP * Math.ceil((wide * scale + 2 * MARGIN) / WIDTH_STEP);
  /** @type {Place} */
  const corner = [left - MARGIN / scale, top - (HEIGHT / scale - high) / 2];
  const rows = tentsOf(corner[1], 1 / scale, HEIGHT, picture.height);
  const columns = tentsOf(corner[0], 1 / scale, width, picture.width);
  const small = fullContrast(resample(picture, rows, columns));
  return { picture: Uint8Array.from(small, (ink) => Math.floor(ink * 255 + 0.5)), width, corner, scale };
}

/**
 * Returns the same ink as a line's picture, twice as fine.
 * @type {(picture: Ink, line: LinePicture) => Float32Array}
 */
export function fineInk(picture, { corner, scale, width }) {
  const rows = tentsOf(corner[1], 1 / (FINER * scale), FINER * HEIGHT, picture.height);
  const columns = tentsOf(corner[0], 1 / (FINER * scale), FINER * width, picture.width);
  return Float32Array.from(fullContrast(resample(picture, rows, columns)));
}

/** @type {(picture: Ink, rows: Tent[], columns: Tent[]) => Float64Array} */
function resample({ ink, width }, rows, columns) {
  const low = new Float64Array(rows.length * width); // shrunk in height alone
  rows.forEach(({ first, weights }, row) => {
    weights.forEach((weight, index) => {
      for (let column = 0; column < width; column += 1) {
        low[row * width + column] += weight * ink[(first + index) * width + column];
      }
    });
  });
  return Float64Array.from({ length: rows.length * columns.length }, (_, pixel) => {
    const { first, weights } = columns[pixel % columns.length];
    const start = Math.floor(pixel / columns.length) * width + first;
    return weights.reduce((sum, weight, index) => sum + weight * low[start + index], 0);
  });
}

// Returns weights that resample `length` values to `count`. Beyond the values lies paper, 0. start: where the first new
// pixel begins; step: how wide each is, in old pixels.
/** @type {(start: number, step: number, count: number, length: number) => Tent[]} */
function tentsOf(start, step, count, length) {
  const reach = Math.max(REACH * step, 1); // larger pixels are means, smaller ones are interpolated
  return Array.from({ length: count }, (_, index) => {
    const middle = start + (index + 0.5) * step;
    const first = Math.floor(middle - reach + 0.5);
    const weights = Array.from({ length: Math.ceil(2 * reach) + 1 }, (_value, place) =>
      Math.max(1 - Math.abs(first + place + 0.5 - middle) / reach, 0),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const inside = weights.slice(Math.max(-first, 0), Math.max(length - first, 0));
    return { first: Math.max(first, 0), weights: inside.map((weight) => weight / total) };
  });
}

// Brings ink to 0 … 1: typical ink, also of thin lines, becomes 1, and what is paler than noise 0.
/** @param {Float64Array} ink */
function fullContrast(ink) {
  const deep = ink.filter((each) => each > LEAST_INK);
  const total = deep.reduce((sum, each) => sum + each, 0);
  if (total <= 0) {
    return ink.map(() => 0);
  }
  const typical = deep.reduce((sum, each) => sum + each * each, 0) / total;
  return ink.map((each) => Math.min(Math.max((each / (FULL * typical) - TOE) / (1 - TOE), 0), 1));
}
