// Lines of writing that can be cut into the ink of each character: of strokes, or of a picture's ink. Follows
// recognizer/numbers/reader.py; the golden lines test both.

import { hasBeside, inkCutter, strokesCutter } from "./cutting.js";
import { FINER, HEIGHT } from "./line_pictures.js";
import { boxOf } from "./parts.js";

const SIDE = 96; // px of the square around a character's ink
const HIGH = HEIGHT * FINER; // px of the line
const TOP = (SIDE - HIGH) / 2; // of the line in the square
const LEAST_INK = Math.fround(0.1); // of full ink: paler ink is left out at a character's edges
/** @type {Cut} */
const NO_INK = {
  isCut: false,
  hasBeside: false,
  key: "",
  box: [0, 0, 0, 0],
  pieces: [],
  strokes: [],
  ink: null,
  unit: { left: 0, top: 0, side: 1 },
};

/**
 * A line of strokes. indexes: of these strokes in the drawing; unit: the square, in the drawing's unit, in which the
 * strokes' 0 to 1 lies.
 * @type {(picture: LinePicture, strokes: Place[][], indexes: number[], unit: Sheet) => CuttableLine}
 */
export function strokesLine(picture, strokes, indexes, unit) {
  const { corner, scale } = picture;
  /** @type {Place[][]} */
  const moved = strokes.map((stroke) => stroke.map(([x, y]) => [(x - corner[0]) * scale, (y - corner[1]) * scale]));
  /** @type {(edge: number, axis: 0 | 1) => number} */
  const placeOf = (edge, axis) => (edge / scale + corner[axis]) * unit.side + [unit.left, unit.top][axis];
  /** @type {(pieces: Piece[]) => Cut} */
  const cutOf = (pieces) => {
    if (pieces.length === 0) {
      return NO_INK;
    }
    const ends = boxOf(pieces.flatMap(({ points }) => points));
    const [left, top, right, bottom] = ends.map((edge, index) => placeOf(edge, index % 2 ? 1 : 0));
    return {
      key: pieces.map(({ points, stroke }) => [stroke, points.length, points[0][0]].join()).join(" "),
      box: [left, top, right, bottom],
      unit: { left, top, side: Math.max(right - left, bottom - top) || 1 },
      pieces,
      isCut: pieces.some(({ points, stroke }) => points !== moved[stroke]),
      hasBeside: hasBeside(pieces),
      strokes: Array.from(new Set(pieces.map(({ stroke }) => indexes[stroke]))),
      ink: null,
    };
  };
  const cut = strokesCutter(moved);
  return { picture, hasLostInk: false, cut: (centres) => strokesWays(cut(centres).map((way) => way.map(cutOf))) };
}

// The ways to share strokes among characters, the likeliest first.
/** @type {(ways: Cut[][]) => Ways} */
function strokesWays(ways) {
  return {
    cuts: ways.flat(),
    best: (score) => {
      const scores = ways.map((way) => way.reduce((sum, cut, at) => sum + score(at, cut), 0));
      return ways[scores.indexOf(Math.max(...scores))];
    },
  };
}

// The ways to cut ink along seams. lattice: of each character, by the seam on its left and the one on its right.
/** @type {(lattice: Cut[][][]) => Ways} */
function inkWays(lattice) {
  return { cuts: lattice.flat(2), best: (score) => bestOf(lattice, score) };
}

/** Viterbi. @type {(lattice: Cut[][][], score: (at: number, cut: Cut) => number) => Cut[]} */
function bestOf(lattice, score) {
  /** @type {{sum: number, way: Cut[]}[]} */
  let best = [{ sum: 0, way: [] }]; // up to each seam
  lattice.forEach((character, at) => {
    const scores = character.map((row) => row.map((cut) => score(at, cut)));
    best = character[0].map((_, right) => {
      const sums = best.map(({ sum }, seam) => sum + scores[seam][right]);
      const left = sums.indexOf(Math.max(...sums));
      return { sum: sums[left], way: [...best[left].way, character[left][right]] };
    });
  });
  return best[0].way;
}

/**
 * A line of a picture's ink. fine: see `fineInk`; margin: px of paper that were added on the left and top; factor: px of
 * the given picture for each of the ink's; hasLostInk: see lost_ink.js.
 * @type {(picture: LinePicture, fine: Float32Array, margin: number, factor: number, hasLostInk: boolean) => CuttableLine}
 */
export function inkLine(picture, fine, margin, factor, hasLostInk) {
  const { corner } = picture;
  const scale = FINER * picture.scale;
  /** @type {(edge: number, axis: 0 | 1) => number} */
  const placeOf = (edge, axis) => (edge / scale + corner[axis] - margin) * factor;
  /** @type {(piece: InkPiece) => Cut} */
  const cutOf = ({ ink, width, left: start, isCut }) => {
    const found = inkedBox(ink, width);
    if (!found) {
      return NO_INK;
    }
    const [left, top, , bottom] = found;
    const right = Math.min(found[2], left + SIDE);
    return {
      key: [start + left, start + right, ink.reduce((sum, each) => sum + each, 0)].join(),
      box: [placeOf(start + left, 0), placeOf(top, 1), placeOf(start + right, 0), placeOf(bottom, 1)],
      pieces: [],
      isCut,
      hasBeside: false,
      strokes: [],
      ink: inSquare(ink, width, left, right),
      unit: { left: placeOf(start + left - startOf(left, right), 0), top: placeOf(-TOP, 1), side: factor / scale },
    };
  };
  const cutter = inkCutter(picture.picture, picture.width, fine);
  /** @type {Map<Seam, Map<Seam, Cut>>} */
  const cuts = new Map(); // by the seams on the left and on the right: several texts share most of them
  /** @type {(left: Seam, right: Seam) => Cut} */
  const between = (left, right) => {
    const kept = cuts.get(left) ?? new Map();
    const cut = kept.get(right) ?? cutOf(cutter.piece(left, right));
    cuts.set(left, kept.set(right, cut));
    return cut;
  };
  /** @type {(bounds: Seam[][]) => Cut[][][]} */
  const latticeOf = (bounds) =>
    bounds.slice(1).map((after, at) => bounds[at].map((left) => after.map((right) => between(left, right))));
  return { picture, hasLostInk, cut: (centres) => inkWays(latticeOf(cutter.cut(centres))) };
}

/** @type {(ink: Float32Array, width: number) => Box | null} */
function inkedBox(ink, width) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  ink.forEach((each, pixel) => {
    if (each > LEAST_INK) {
      const [column, row] = [pixel % width, Math.floor(pixel / width)];
      box[0] = Math.min(box[0], column);
      box[1] = Math.min(box[1], row);
      box[2] = Math.max(box[2], column + 1);
      box[3] = Math.max(box[3], row + 1);
    }
  });
  return box[2] > 0 ? box : null;
}

/** @type {(ink: Float32Array, width: number, left: number, right: number) => Ink} */
function inSquare(ink, width, left, right) {
  const square = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < HIGH; row += 1) {
    square.set(ink.subarray(row * width + left, row * width + right), (TOP + row) * SIDE + startOf(left, right));
  }
  return { ink: square, width: SIDE, height: SIDE };
}

// The place of a character's left edge in the square.
/** @type {(left: number, right: number) => number} */
function startOf(left, right) {
  return Math.floor((SIDE - (right - left)) / 2);
}
