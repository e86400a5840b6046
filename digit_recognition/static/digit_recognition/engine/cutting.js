// Cuts a line of writing into its characters, whose places are known: strokes by stroke, ink by its parts. Follows
// recognizer/numbers/cutting.py, which explains the numbers; the golden lines test both.

import { HEIGHT, stepOf, walk } from "./line_pictures.js";
import { labelParts } from "./parts.js";

const OWN = 0.7;
const MOST_CHOICES = 6;
const TINY_SHARE = 0.12;
const INKED = Math.fround(0.3);
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
 * Returns a function that cuts a line's picture in several ways, and keeps what the ways share. It returns the ink of
 * each character alone, from 0 to 1. A part that reaches a little over a cut stays whole.
 * @type {(picture: Uint8Array, width: number) => (centres: number[]) => Float32Array[]}
 */
export function inkCutter(picture, width) {
  const ink = Float32Array.from(picture, (level) => level / 255);
  const { labels, count } = labelParts(
    Uint8Array.from(ink, (each) => Number(each > INKED)),
    width,
  );
  /** @type {Map<string, number[]>} */
  const seams = new Map();
  /** @type {SeamOf} */
  const seamOf = (low, high) => {
    const key = `${low} ${high}`;
    const kept = seams.get(key) ?? seam(ink, width, low, high);
    seams.set(key, kept);
    return kept;
  };
  return (centres) => {
    const owners = ownersOf(ink.length, width, centres, seamOf);
    keepWhole(owners, ink, labels, count, centres.length);
    const spreadOwners = spread(owners, labels, width);
    return centres.map((_, index) => ink.map((each, pixel) => (spreadOwners[pixel] === index ? each : 0)));
  };
}

/** Of each pixel, by the seams alone. @type {(size: number, width: number, centres: number[], seamOf: SeamOf) => Uint8Array} */
function ownersOf(size, width, centres, seamOf) {
  const owners = new Uint8Array(size);
  for (let index = 1; index < centres.length; index += 1) {
    seamOf(centres[index - 1], centres[index]).forEach((cut, row) => {
      for (let column = 0; column < width; column += 1) {
        owners[row * width + column] += Number(column + 0.5 > cut);
      }
    });
  }
  return owners;
}

/** @type {(owners: Uint8Array, ink: Float32Array, labels: Int32Array, parts: number, count: number) => void} */
function keepWhole(owners, ink, labels, parts, count) {
  const sums = Array.from({ length: parts }, () => new Array(count).fill(0)); // ink of each part at each character
  labels.forEach((label, pixel) => {
    if (label) {
      sums[label - 1][owners[pixel]] += ink[pixel];
    }
  });
  const keepers = sums.map((own) => {
    const total = own.reduce((sum, each) => sum + each, 0);
    const second = [...own].sort((first, next) => next - first)[1] ?? 0;
    return second / total < TINY_SHARE ? own.indexOf(Math.max(...own)) : null;
  });
  labels.forEach((label, pixel) => {
    owners[pixel] = (label ? keepers[label - 1] : null) ?? owners[pixel];
  });
}

// Gives the pale pixels beside a part to the same character as the part. What lies beyond an edge is the opposite edge,
// as in numpy.roll; both are paper.
/** @type {(owners: Uint8Array, labels: Int32Array, width: number) => Uint8Array} */
function spread(owners, labels, width) {
  const height = labels.length / width;
  const spreadOwners = owners.slice();
  labels.forEach((label, pixel) => {
    if (label) {
      return;
    }
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const beside = [
      ((row + height - 1) % height) * width + column,
      ((row + 1) % height) * width + column,
      row * width + ((column + width - 1) % width),
      row * width + ((column + 1) % width),
    ].find((near) => labels[near]);
    spreadOwners[pixel] = owners[beside ?? pixel];
  });
  return spreadOwners;
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
