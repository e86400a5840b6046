// Cuts a line of writing into its characters, whose places are known: strokes by stroke, ink by its parts. Follows
// recognizer/numbers/cutting.py, which explains the numbers; the golden lines test both.

import { FINER, HEIGHT, lengthOf, stepOf, walk } from "./line_pictures.js";
import { labelParts } from "./parts.js";

const OWN = 0.7;
const MOST_CHOICES = 6;
const TINY_SHARE = 0.12;
const INKED = Math.fround(0.3);
const CLEAN = 255;
const PARTS = 4;
const MOST_TRIED = 8;
const DIGIT_WIDTH = 16;
const OVER = 48;
const ASIDE = 0.004;
const SIDESTEP = 0.02; // cost of a cut's step to the next column
const CUT = 2; // the option to cut a stroke

/**
 * Returns a function that shares a line's strokes among its characters, px of the line picture. It returns ways to do
 * so, the likeliest first: for each character its pieces. The ways differ in one stroke each, which lies at two
 * characters. centres: where each character lies, px, in ascending order.
 * @type {(strokes: Place[][]) => (centres: number[]) => Piece[][][]}
 */
export function strokesCutter(strokes) {
  const step = stepOf(strokes);
  const walked = strokes.map((points, stroke) => ({ piece: { points, stroke }, ...walk(points, step) }));
  return (centres) => {
    /** @type {Piece[][]} */
    const whole = centres.map(() => []);
    /** @type {Choice[]} */
    const choices = [];
    for (const { piece, places, length } of walked) {
      const owners = places.map(([x]) => nearest(x, centres));
      const shares = sharesOf(owners, length, centres.length);
      const best = shares.indexOf(Math.max(...shares));
      if (shares[best] >= OWN || choices.length === MOST_CHOICES) {
        whole[best].push(piece);
      } else {
        const second = centres.map((_, place) => place).sort((a, b) => shares[b] - shares[a])[1];
        const cut = cutStroke(places, owners, shares, piece.stroke);
        choices.push([[{ owner: best, piece }], [{ owner: second, piece }], cut]);
      }
    }
    return combine(whole, choices);
  };
}

/** The index of the character whose centre is nearest. @type {(x: number, centres: number[]) => number} */
function nearest(x, centres) {
  let index = 0;
  while (index + 1 < centres.length && (centres[index + 1] + centres[index]) / 2 <= x) {
    index += 1;
  }
  return index;
}

// How much of a stroke lies at each character; the sum is 1.
/** @type {(owners: number[], length: number, count: number) => number[]} */
function sharesOf(owners, length, count) {
  const sums = new Array(count).fill(0);
  for (const owner of owners) {
    sums[owner] += length;
  }
  const total = sums.reduce((sum, each) => sum + each, 0);
  return sums.map((sum) => sum / total);
}

// Returns the sharing with each stroke's first choice, then those with one other choice.
/** @type {(whole: Piece[][], choices: Choice[]) => Piece[][][]} */
function combine(whole, choices) {
  const firsts = choices.map((options) => {
    // A character without a stroke of its own is written in one stroke with its neighbour.
    const owners = new Set(options[CUT].map(({ owner }) => owner));
    return owners.size > 1 && Array.from(owners).some((owner) => whole[owner].length === 0) ? CUT : 0;
  });
  const ways = [share(whole, choices, firsts)];
  firsts.forEach((first, place) => {
    for (const option of [0, 1, CUT].filter((each) => each !== first)) {
      ways.push(share(whole, choices, [...firsts.slice(0, place), option, ...firsts.slice(place + 1)]));
    }
  });
  return ways;
}

/** Returns the pieces of each character. @type {(whole: Piece[][], choices: Choice[], taken: number[]) => Piece[][]} */
function share(whole, choices, taken) {
  const shared = whole.map((pieces) => [...pieces]);
  choices.forEach((options, place) => {
    for (const { owner, piece } of options[taken[place]]) {
      shared[owner].push(piece);
    }
  });
  return shared.map((pieces) => pieces.sort((first, second) => first.stroke - second.stroke));
}

// Cuts a stroke where it passes from one character to the next; small rests are left out.
/** @type {(places: Place[], owners: number[], shares: number[], stroke: number) => Owned[]} */
function cutStroke(places, owners, shares, stroke) {
  const large = owners.map((owner) => (shares[owner] >= TINY_SHARE ? owner : -1));
  /** @type {Owned[]} */
  const pieces = [];
  let start = 0;
  for (let end = 1; end <= large.length; end += 1) {
    if (large[end] !== large[start]) {
      if (large[start] >= 0) {
        pieces.push({ owner: large[start], piece: { points: places.slice(Math.max(start - 1, 0), end + 1), stroke } });
      }
      start = end;
    }
  }
  return pieces;
}

/**
 * True if a piece lies wholly to the left or right of the longest one.
 * @param {Piece[]} pieces
 */
export function hasBeside(pieces) {
  if (pieces.length < 2) {
    return false;
  }
  const ends = pieces.map(({ points }) => [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]);
  const lengths = pieces.map(({ points }) => lengthOf(points));
  const [left, right] = ends[lengths.indexOf(Math.max(...lengths))];
  return ends.some(([start, end]) => end < left || start > right);
}

/**
 * Cuts a line's picture. `cut` returns the seams before the first character, between each and the next, and behind the
 * last; equal seams are the same object. `piece` returns the ink between two. fine: see `fineInk`.
 * @type {(picture: Uint8Array, width: number, fine: Float32Array) => InkCutter}
 */
export function inkCutter(picture, width, fine) {
  const ink = Float32Array.from(picture, (level) => level / 255);
  const { labels, count } = labelParts(
    Uint8Array.from(ink, (each) => Number(each > INKED)),
    width,
  );
  const beside = besideParts(labels, width);
  const line = { picture, ink, width, labels, count, beside, fine };
  const [first, last] = [0, width].map((column) => seamAlong(line, new Array(HEIGHT).fill(column)));
  const tiny = (TINY_SHARE * first.ink.reduce((sum, each) => sum + each, 0) * DIGIT_WIDTH) / width;
  /** @type {Map<string, Seam>} */
  const seams = new Map();
  /** @type {(low: number, high: number) => Seam} */
  const seamOf = (low, high) => {
    const key = `${low} ${high}`;
    const kept = seams.get(key) ?? seamAlong(line, seam(ink, width, low, high));
    seams.set(key, kept);
    return kept;
  };
  return {
    cut: (centres) => [[first], ...seamsBetween(line, centres, seamOf), [last]],
    piece: (left, right) => pieceBetween(line, first.ink, left, right, tiny),
  };
}

// The cheapest seam between two characters, and those through parts of the space where the cheapest crosses most ink.
/** @type {(line: CutLine, centres: number[], seamOf: (low: number, high: number) => Seam) => Seam[][]} */
function seamsBetween({ picture, width }, centres, seamOf) {
  const seams = centres.slice(1).map((high, at) => [seamOf(centres[at], high)]);
  const crossings = seams.map(([{ columns }]) => crossed(picture, width, columns));
  const order = Array.from(crossings.keys()).sort((first, second) => crossings[second] - crossings[first]);
  for (const at of order.slice(0, MOST_TRIED).filter((each) => crossings[each] > CLEAN)) {
    const step = (centres[at + 1] - centres[at]) / PARTS;
    for (let part = 0; part < PARTS; part += 1) {
      seams[at].push(seamOf(centres[at] + part * step, centres[at] + (part + 1) * step));
    }
  }
  return seams;
}

/** @type {(line: Omit<CutLine, "beside" | "fine">, columns: number[]) => Seam} */
function seamAlong({ picture, labels, count, width }, columns) {
  const beyond = new Uint8Array(picture.length);
  const ink = new Array(count + 1).fill(0);
  beyond.forEach((_, pixel) => {
    if ((pixel % width) + 0.5 > columns[Math.floor(pixel / width)]) {
      beyond[pixel] = 1;
      ink[labels[pixel]] += labels[pixel] ? picture[pixel] : 0;
    }
  });
  return { columns, beyond, ink };
}

// How much ink lies on both sides of a seam, in levels.
/** @type {(picture: Uint8Array, width: number, columns: number[]) => number} */
function crossed(picture, width, columns) {
  return columns.reduce((sum, place, row) => {
    const column = Math.min(Math.max(Math.floor(place), 1), width - 1);
    return sum + picture[row * width + column - 1] + picture[row * width + column];
  }, 0);
}

// The ink between two seams. A part that reaches a little over one stays whole. whole: the ink of each part.
/** @type {(line: CutLine, whole: number[], left: Seam, right: Seam, tiny: number) => InkPiece} */
function pieceBetween({ labels, width, fine, beside }, whole, left, right, tiny) {
  const shares = whole.map((each, part) => [each - left.ink[part], left.ink[part] - right.ink[part], right.ink[part]]);
  const areCut = shares.map((each) => [...each].sort((first, second) => first - second)[1] > tiny);
  const areInside = shares.map((each) => each.indexOf(Math.max(...each)) === 1);
  const start = Math.max(Math.floor(Math.min(...left.columns)) - OVER, 0);
  const end = Math.min(Math.floor(Math.max(...right.columns)) + OVER, width);
  /** @type {(pixel: number) => boolean} */
  const isOwned = (pixel) => {
    const part = labels[pixel];
    return part && !areCut[part] ? areInside[part] : left.beyond[pixel] > right.beyond[pixel];
  };
  const wide = FINER * (end - start);
  const ink = new Float32Array(FINER * HEIGHT * wide);
  for (let row = 0; row < HEIGHT; row += 1) {
    for (let column = start; column < end; column += 1) {
      const near = beside[row * width + column]; // outside of the window, the nearest pixel inside counts
      const inside = Math.min(Math.max(near % width, start), end - 1);
      if (isOwned(Math.floor(near / width) * width + inside)) {
        copyPixel(fine, FINER * width, ink, wide, row, column, start);
      }
    }
  }
  return {
    ink,
    width: wide,
    left: FINER * start,
    isCut: shares.some(([, inside], part) => areCut[part] && inside > 0),
  };
}

// Copies what lies in one pixel of the line's picture.
/** @type {(fine: Float32Array, width: number, ink: Float32Array, wide: number, row: number, column: number, start: number) => void} */
function copyPixel(fine, width, ink, wide, row, column, start) {
  for (let below = 0; below < FINER; below += 1) {
    const from = (FINER * row + below) * width + FINER * column;
    ink.set(fine.subarray(from, from + FINER), (FINER * row + below) * wide + FINER * (column - start));
  }
}

// For each pale pixel beside a part a pixel of the part, for each other one itself. What lies beyond an edge is the
// opposite edge, as in numpy.roll; both are paper.
/** @type {(labels: Int32Array, width: number) => Int32Array} */
function besideParts(labels, width) {
  const height = labels.length / width;
  return labels.map((label, pixel) => {
    if (label) {
      return pixel;
    }
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const near = [
      ((row + height - 1) % height) * width + column,
      ((row + 1) % height) * width + column,
      row * width + ((column + width - 1) % width),
      row * width + ((column + 1) % width),
    ];
    return near.find((each) => labels[each]) ?? pixel;
  });
}

// The column of the cheapest cut from top to bottom between two characters, in each row, px.
/** @type {(ink: Float32Array, width: number, low: number, high: number) => number[]} */
function seam(ink, width, low, high) {
  const middle = (low + high) / 2;
  const columns = columnsBetween(Math.floor(low), Math.ceil(high), width);
  if (columns.length === 0) {
    return new Array(HEIGHT).fill(middle);
  }
  /** @type {number[]} */
  let cost = [];
  const moves = Array.from({ length: HEIGHT }, (_, row) => {
    const steps = columns.map((column) => {
      const right = row * width + column;
      return Math.fround(ink[right - 1] + ink[right]) / 2 + ASIDE * Math.abs(column - middle);
    });
    const [move, before] = row ? cheapest(cost) : [[], new Array(columns.length).fill(0)];
    cost = steps.map((step, index) => before[index] + step);
    return move;
  });
  return follow(columns, moves, cost.indexOf(Math.min(...cost)));
}

/** Cuts lie on the pixels' left edges. @type {(first: number, last: number, width: number) => number[]} */
function columnsBetween(first, last, width) {
  const length = Math.max(last, first + 1) + 1 - first;
  return Array.from({ length }, (_, index) => first + index).filter((column) => column > 0 && column < width);
}

// For each column, the move to the cheapest one in the row above, and its cost.
/** @type {(cost: number[]) => [moves: number[], costs: number[]]} */
function cheapest(cost) {
  const options = cost.map((straight, index) => [
    straight,
    (cost[index - 1] ?? Infinity) + SIDESTEP,
    (cost[index + 1] ?? Infinity) + SIDESTEP,
  ]);
  const least = options.map((each) => Math.min(...each));
  return [options.map((each, index) => [0, -1, 1][each.indexOf(least[index])]), least];
}

/** @type {(columns: number[], moves: number[][], last: number) => number[]} */
function follow(columns, moves, last) {
  const cut = new Array(HEIGHT);
  let at = last;
  for (let row = HEIGHT - 1; row >= 0; row -= 1) {
    cut[row] = columns[at];
    at += moves[row][at] ?? 0;
  }
  return cut;
}
