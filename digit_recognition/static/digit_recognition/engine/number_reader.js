// Reads whole numbers from drawings and pictures: finds their lines, and reads each with both networks. Follows
// recognizer/numbers/number_reader.py, which explains the numbers. Knows no ONNX: the networks are functions.

import { digitProbability } from "../answer/probability.js";
import { inkLine, strokesLine } from "./cuts.js";
import { writingOf } from "./furniture.js";
import { isBlank, normalise, squareOf, thin } from "./ink.js";
import { drawStrokes, fineInk, shrinkInk } from "./line_pictures.js";
import { hasLostInk } from "./lost_ink.js";
import { boxOf, partsOfStrokes } from "./parts.js";
import { declined, firstDigit, isOneDigit, MOST_ALTERNATIVES, propose, readProposed } from "./reader.js";
import { rowsOf } from "./rows.js";

const MARGIN = 0.15;
const STRETCHES = 8;
const MOST_STROKES = 512;
const MOST_POINTS = 1024;
const WIDEST_DIGIT = 1.75;
const MOST_ROWS = 8;
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
/** @type {Record<Exclude<Reason, "blank">, ReadingReason>} */
const REASONS = { "not a digit": "not a number", "several digits": "unsure", unsure: "unsure" };

/**
 * Reads a drawing of one line. minExtent: see `isBlank`.
 * @type {(drawing: Place[][], minExtent: number, task: NumberTask) => Promise<Reading>}
 */
export async function readDrawing(drawing, minExtent, { networks, predict, allow }) {
  if (isBlank(drawing, minExtent)) {
    return declined("blank", networks.model);
  }
  const inked = strokesToRead(drawing);
  const given = inked.map((index) => drawing[index]);
  const [strokes, box] = [normalise(given), boxOf(given.flat())];
  const rows = countRows(strokes);
  if (rows > 1) {
    const several = declined("several lines", networks.model, box);
    return rows > MOST_ROWS ? several : unlessOneDigit(several, predict, inked);
  }
  const line = strokesLine(drawStrokes(strokes), strokes, inked, squareOf(given));
  return readLine(line, box, { networks, predict, allow }, inked);
}

/**
 * Reads the lines of a picture, see `linesOf`, as one line.
 * @type {(lines: PictureLine[], task: NumberTask) => Promise<Reading>}
 */
export async function readPicture(lines, { networks, predict, allow }) {
  if (lines.length === 1) {
    const [{ line, box }] = lines;
    return readLine(line, box, { networks, predict, allow }, []);
  }
  const box = lines.length > 0 ? around(lines.map((line) => line.box)) : null;
  const none = declined(lines.length > 0 ? "several lines" : "blank", networks.model, box);
  return lines.length > MOST_ROWS ? none : unlessOneDigit(none, predict, []);
}

// Reads the only line of all ink; as one digit, with more care, if it is one.
/** @type {(line: CuttableLine, box: Box, task: NumberTask, strokes: number[]) => Promise<Reading>} */
async function readLine(line, box, { networks, predict, allow }, strokes) {
  const proposed = await propose(line, networks);
  const first = firstDigit(proposed);
  const prediction = first === null ? null : await predict();
  if (prediction && (isOneDigit(proposed) || prediction.digit === first)) {
    return digitReading(prediction, strokes);
  }
  const reading = await readProposed(line, proposed, networks, allow, box);
  // The digit model takes a sign for a stray mark, so a digit and a sign that is not allowed are not left to it.
  if (reading.digits.length === 1 && reading.reason !== "not a number") {
    return digitReading(prediction ?? (await predict()), strokes);
  }
  if (!line.hasLostInk && mayBeOneDigit(reading, box)) {
    const whole = prediction ?? (await predict());
    if (whole.digit !== null && whole.confidence > reading.confidence) {
      return digitReading(whole, strokes);
    }
  }
  return proposed.texts.length > 0 ? reading : unlessOneDigit(reading, predict, strokes);
}

// True if several digits are unsure, and all ink is about as narrow as one digit.
/** @type {(reading: Reading, box: Box) => boolean} */
function mayBeOneDigit({ reason, digits }, box) {
  const isUnsure = reason === "unsure" && digits.every(({ prediction }) => prediction);
  return isUnsure && box[2] - box[0] <= WIDEST_DIGIT * (box[3] - box[1]);
}

// Reads all ink as one digit where no number is found.
/** @type {(reading: Reading, predict: NumberTask["predict"], strokes: number[]) => Promise<Reading>} */
async function unlessOneDigit(reading, predict, strokes) {
  const prediction = await predict();
  // Any other shape is shown as the digit that it resembles most.
  const isShape = reading.reason === "not a number" && ["not a digit", "unsure"].includes(prediction.reason ?? "");
  return isShape || prediction.digit !== null ? digitReading(prediction, strokes) : reading;
}

/**
 * Reads each line of a picture, see `linesOf`.
 * @type {(lines: PictureLine[], networks: LineNetworks, allow: Allow) => Promise<Reading[]>}
 */
export async function readEach(lines, networks, allow) {
  const readings = [];
  for (const { line, box } of lines) {
    readings.push(await readProposed(line, await propose(line, networks), networks, allow, box));
  }
  return readings;
}

/**
 * Returns the lines of a picture, from top to bottom. picture: as `shrink` returns it; clean: finds its ink.
 * @type {(picture: Gray & {factor: number}, clean: (wide: Gray) => Promise<Ink>) => Promise<PictureLine[]>}
 */
export async function linesOf(picture, clean) {
  const margin = roundToEven(MARGIN * Math.min(picture.width, picture.height));
  const wide = widened(picture, margin);
  return linesOfInk(wide, await clean(wide), margin, picture.factor);
}

// Rounds as Python does: halves to even.
/** @param {number} value */
function roundToEven(value) {
  const low = Math.floor(value);
  return low + Number(value - low > 0.5 || (value - low === 0.5 && low % 2 === 1));
}

/**
 * margin: px of paper that were added on each side; factor: px of the given picture for each of the ink's.
 * @type {(wide: Gray, ink: Ink, margin: number, factor: number) => PictureLine[]}
 */
function linesOfInk(wide, ink, margin, factor) {
  const { writing, boxes } = writingOf(ink);
  return rowsOf(boxes).map((row) => {
    const own = around(row.map((index) => boxes[index]));
    const [left, top, right, bottom] = own.map((edge) => (edge - margin) * factor);
    const picture = shrinkInk(writing, own);
    const line = inkLine(picture, fineInk(writing, picture), margin, factor, hasLostInk(wide, ink, own));
    return { line, box: [left, top, right, bottom] };
  });
}

// The box around boxes.
/** @type {(boxes: Box[]) => Box} */
function around(boxes) {
  return boxes.reduce((sum, box) => [
    Math.min(sum[0], box[0]),
    Math.min(sum[1], box[1]),
    Math.max(sum[2], box[2]),
    Math.max(sum[3], box[3]),
  ]);
}

/**
 * Returns a prediction as a number of one digit.
 * @type {(prediction: Prediction, strokes: number[]) => Reading}
 */
export function digitReading(prediction, strokes) {
  const { box, confidence, digit, model, probabilities, reason } = prediction;
  if (reason === "blank" || !box) {
    return declined("blank", model);
  }
  const ordered = [...DIGITS].sort((first, second) => probabilities[second] - probabilities[first]);
  const isDrawn = digitProbability(confidence, probabilities[ordered[0]]); // the chance that it is a digit at all
  const text = String(ordered[0]);
  return {
    text: digit === null ? null : text,
    confidence,
    digits: [{ text, prediction, box, strokes }],
    alternatives: ordered
      .slice(0, MOST_ALTERNATIVES)
      .map((each) => ({ text: String(each), probability: probabilities[each] * isDrawn })),
    reason: reason && REASONS[reason],
    model,
    box,
  };
}

// The indexes of the strokes that have points; of more than 512, evenly chosen ones and those that reach the edges.
/** @param {Place[][]} strokes */
function strokesToRead(strokes) {
  const inked = Array.from(strokes.keys()).filter((index) => strokes[index].length > 0);
  if (inked.length <= MOST_STROKES) {
    return inked;
  }
  const boxes = inked.map((index) => boxOf(strokes[index]));
  const evenly = Array.from({ length: MOST_STROKES }, (_, place) => Math.floor((place * inked.length) / MOST_STROKES));
  const places = new Set([...evenly, ...[0, 1, 2, 3].map((edge) => farthest(boxes, edge))]);
  return Array.from(places)
    .sort((first, second) => first - second)
    .map((place) => inked[place]);
}

// The first of the boxes that reach farthest. edge: 0 for left, 1 top, 2 right, 3 bottom.
/** @type {(boxes: Box[], edge: number) => number} */
function farthest(boxes, edge) {
  const sign = edge < 2 ? -1 : 1;
  return boxes.reduce((best, box, place) => (sign * (box[edge] - boxes[best][edge]) > 0 ? place : best), 0);
}

// On how many lines the strokes are; those that touch count as one. strokes: normalised.
/** @param {Place[][]} strokes */
function countRows(strokes) {
  if (rowsOf(strokes.map(boxOf)).length === 1) {
    return 1;
  }
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const parts = partsOfStrokes(points > MOST_POINTS ? thin(strokes) : strokes);
  return rowsOf(parts.map(({ box }) => box)).length;
}

/**
 * Lets the picture go on beyond its edges: each stretch of an edge in its median tone, which leaves ink out.
 * @type {(picture: Gray, margin: number) => Gray}
 */
export function widened({ gray, width, height }, margin) {
  /** @type {(column: number) => Uint8Array} */
  const edge = (column) => stretched(Uint8Array.from({ length: height }, (_, row) => gray[row * width + column]));
  const [before, after] = [edge(0), edge(width - 1)];
  const [wide, high] = [width + 2 * margin, height + 2 * margin];
  const tones = new Uint8Array(wide * high);
  for (let row = 0; row < height; row += 1) {
    const start = (margin + row) * wide;
    tones.fill(before[row], start, start + margin);
    tones.set(gray.subarray(row * width, (row + 1) * width), start + margin);
    tones.fill(after[row], start + margin + width, start + wide);
  }
  const above = stretched(tones.subarray(margin * wide, (margin + 1) * wide));
  const below = stretched(tones.subarray((high - margin - 1) * wide, (high - margin) * wide));
  for (let row = 0; row < margin; row += 1) {
    tones.set(above, row * wide);
    tones.set(below, (high - 1 - row) * wide);
  }
  return { gray: tones, width: wide, height: high };
}

/** Returns the median of the stretch that each pixel belongs to. @param {Uint8Array} edge */
function stretched(edge) {
  const medians = new Uint8Array(edge.length);
  const count = Math.min(STRETCHES, edge.length);
  const [length, longer] = [Math.floor(edge.length / count), edge.length % count];
  let start = 0;
  for (let index = 0; index < count; index += 1) {
    const end = start + length + Number(index < longer); // the first ones have the pixels that are left over
    const ordered = edge.slice(start, end).sort();
    medians.fill(ordered[ordered.length >> 1], start, end);
    start = end;
  }
  return medians;
}
