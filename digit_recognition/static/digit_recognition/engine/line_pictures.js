// Makes the picture that the line network sees: one line of writing, 32 px high, light ink on dark. Follows
// recognizer/numbers/line_pictures.py, which explains the numbers, to the last bit; the golden lines test both.

const HEIGHT = 32;
const WRITING = 26;
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
    length += distancesAlong(stroke)[stroke.length - 1];
  }
  return Math.max(STEP, length / MOST_POINTS);
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
