// The worker that answers on this device with the server's ONNX files. Knows no page.
// Receives a Task, then questions; {id, dropped: true} stops an explanation early.
// Sends {ready: true}, then {id, answer} or {id, failed: reason}.

import { explainPicture } from "../explain/explain.js";
import { blank, Graphs, UnsupportedModel } from "./graphs.js";
import { isBlank, segmentsOf, squareOf, thinnedOf } from "./ink.js";
import { linesOf, readDrawing, readPicture } from "./number_reader.js";
import { boxOf, mayStandApart, partsOfInk, partsOfStrokes } from "./parts.js";
import { decode, grayOf } from "./pictures.js";
import { chanceOfSeveral, partsToRead } from "./several.js";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is an accidental touch
const SIDE = 28;
const INKS_AT_ONCE = 32;
/** @type {Allow} */
const ALLOW = "digits"; // as on the server

/** @type {Graphs} */
let graphs; // the page asks nothing before they are loaded
/** @type {Task["weights"]} */
let weights;
/** @type {Map<string, Prediction>} */
let known = new Map(); // by strokes; see predictCuts
const dropped = new Set();

addEventListener("message", async (/** @type {MessageEvent<ToEngine>} */ { data }) => {
  try {
    if ("files" in data) {
      graphs = await Graphs.load(data);
      weights = data.weights;
      postMessage({ ready: true });
    } else if ("dropped" in data) {
      dropped.add(data.id);
    } else {
      postMessage({ id: data.id, answer: await (data.why === undefined ? answer(data) : explain(data, data.why)) });
    }
  } catch (error) {
    const failed = String(error);
    postMessage(error instanceof UnsupportedModel ? { unsupported: true, failed } : { id: data.id, failed });
  }
});

/** @type {(question: Asking) => Promise<Answer<Uint8Array>>} */
async function answer(question) {
  const { text, confidence, digits, alternatives, reason, model } = await read(await open(question));
  return {
    ...{ text, confidence, alternatives, reason, model },
    digits: digits.map(({ text: character, prediction, box, strokes }) => ({
      ...{ text: character, box, strokes },
      confidence: prediction?.confidence ?? null,
      probabilities: prediction?.probabilities ?? null,
      seen: prediction?.seen ?? null,
    })),
  };
}

/** Squares in the question's unit; see explain.js. @type {(question: Asking, at: number) => Promise<Square[]>} */
async function explain(question, at) {
  const ink = await open(question);
  const digit = (await read(ink)).digits.at(at);
  const seen = digit?.cut ? await placeCut(digit.cut) : await placeWhole(ink);
  /** @type {ProbabilitiesOf} */
  const probabilitiesOf = async (pictures) => (await graphs.ask(pictures)).probabilities;
  const squares = seen && (await explainPicture(seen.picture.data, probabilitiesOf, () => dropped.delete(question.id)));
  if (!squares) {
    return [];
  }
  const { place, unit } = seen;
  const [left, top, side] = place.data;
  const px = side / SIDE;
  return squares.map(({ x, y, side: width, gains }) => ({
    x: unit.left + (left + x * px) * unit.side,
    y: unit.top + (top + y * px) * unit.side,
    side: width * px * unit.side,
    gains,
  }));
}

/** @type {(question: Asking) => Promise<Opened>} */
async function open({ strokes, picture }) {
  return picture ? { picture: grayOf(await decode(picture)) } : { drawing: unpack(strokes) };
}

/** @type {(packed: Packed) => Place[][]} */
function unpack({ lengths, numbers }) {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => [numbers[next++], numbers[next++]]));
}

/** @type {(ink: Opened) => Promise<Reading>} */
async function read({ drawing, picture }) {
  /** @type {LineNetworks["chances"]} */
  const chances = (line, width) => graphs.chances(line, width);
  if (picture) {
    const networks = { chances, predict: predictInks, weights: weights.ink, model: graphs.model };
    const lines = await linesOf(picture, (wide) => graphs.cleanLines(wide));
    return readPicture(lines, { networks, allow: ALLOW, predict: () => predictPicture(picture) });
  }
  /** @type {LineNetworks["predict"]} */
  const predict = (cuts) => predictCuts(cuts, drawing);
  const networks = { chances, predict, weights: weights.strokes, model: graphs.model };
  return readDrawing(drawing, MIN_EXTENT_PX, { networks, allow: ALLOW, predict: () => predictDrawing(drawing) });
}

/** @type {LineNetworks["predict"]} */
async function predictInks(cuts) {
  const predictions = [];
  for (let start = 0; start < cuts.length; start += INKS_AT_ONCE) {
    const inks = cuts.slice(start, start + INKS_AT_ONCE).flatMap(({ ink }) => ink ?? []);
    predictions.push(...(await graphs.predict((await graphs.place(inks)).picture.data)));
  }
  return predictions;
}

// While the pen moves, most digits stay as they were: what the network said of whole strokes is kept for the next
// question.
/** @type {(cuts: Cut[], drawing: Place[][]) => Promise<Prediction[]>} */
async function predictCuts(cuts, drawing) {
  const keys = cuts.map(({ isCut, strokes }) =>
    !isCut ? strokes.map((stroke) => drawing[stroke].join()).join(" ") : "",
  );
  const unknown = cuts.filter((_, index) => !known.has(keys[index]));
  const found = unknown.length > 0 ? await graphs.predict(await graphs.render(unknown.map(segmentsOfCut))) : [];
  const predictions = keys.map((key) => known.get(key) ?? /** @type {Prediction} */ (found.shift()));
  known = new Map(keys.flatMap((key, index) => (key ? [[key, predictions[index]]] : [])));
  return predictions;
}

/** @param {Cut} cut */
function segmentsOfCut({ pieces }) {
  return segmentsOf(pieces.map(({ points }) => points));
}

/** @type {(cut: Cut) => Promise<Seen>} */
async function placeCut(cut) {
  const placed = cut.ink ? graphs.place([cut.ink]) : graphs.placeSegments(segmentsOfCut(cut));
  return { ...(await placed), unit: cut.unit };
}

/** Returns null for a blank drawing. @type {(ink: Opened) => Promise<Seen | null>} */
async function placeWhole({ drawing, picture }) {
  if (picture) {
    const placed = await graphs.place([await graphs.clean(picture)]);
    return placed.picture.data.some((ink) => ink > 0)
      ? { ...placed, unit: { left: 0, top: 0, side: picture.factor } }
      : null;
  }
  if (isBlank(drawing, MIN_EXTENT_PX)) {
    return null;
  }
  return { ...(await graphs.placeSegments(segmentsOf(drawing))), unit: squareOf(drawing) };
}

/** @type {(drawing: Place[][]) => Promise<Prediction>} */
async function predictDrawing(drawing) {
  if (isBlank(drawing, MIN_EXTENT_PX)) {
    return blank(graphs.model);
  }
  const [whole] = await graphs.predict(await graphs.render([segmentsOf(drawing)]));
  return { ...(await declineSeveral(whole, await renderParts(drawing))), box: boxOf(drawing.flat()) };
}

/** @type {(picture: Gray & {factor: number}) => Promise<Prediction>} */
async function predictPicture({ factor, ...picture }) {
  const ink = await graphs.clean(picture);
  const placed = await graphs.place([ink]);
  const [whole] = await graphs.predict(placed.picture.data);
  const [left, top, side] = placed.place.data.map((edge) => edge * factor);
  return { ...(await declineSeveral(whole, await placeParts(ink))), box: [left, top, left + side, top + side] };
}

/** @type {(whole: Prediction, parts: Part[]) => Promise<Prediction>} */
async function declineSeveral(whole, parts) {
  const chance = parts.length > 0 ? chanceOfSeveral(whole.digit, await readParts(parts)) : null;
  if (chance === null || whole.reason === "blank") {
    return whole;
  }
  // The chance that they are not several is left for the best single digit.
  return { ...whole, digit: null, reason: "several digits", confidence: whole.confidence * (1 - chance) };
}

/** @type {(parts: Part[]) => Promise<PartReading[]>} */
async function readParts(parts) {
  const pictures = new Float32Array(parts.length * SIDE * SIDE);
  parts.forEach(({ picture }, index) => {
    pictures.set(picture, index * SIDE * SIDE);
  });
  const { probabilities, confidence } = await graphs.ask(pictures);
  return parts.map(({ box }, index) => {
    const ten = Array.from(probabilities.subarray(10 * index, 10 * index + 10));
    return { box, digit: ten.indexOf(Math.max(...ten)), confidence: confidence[index] };
  });
}

/** @type {(picture: Ink) => Promise<Part[]>} */
async function placeParts(picture) {
  const parts = partsOfInk(picture) ?? { boxes: [], cutOut: () => picture };
  const placed = [];
  for (const index of partsToRead(parts.boxes)) {
    const found = await graphs.place([parts.cutOut(index)]);
    placed.push({ box: parts.boxes[index], picture: found.picture.data });
  }
  return placed.filter((part) => part.picture.some((ink) => ink > 0));
}

/** @type {(drawing: Place[][]) => Promise<Part[]>} */
async function renderParts(drawing) {
  const strokes = drawing.filter((stroke) => stroke.length);
  const parts = mayStandApart(strokes) ? partsOfStrokes(thinnedOf(strokes)) : [];
  const rendered = [];
  for (const index of partsToRead(parts.map(({ box }) => box))) {
    const picture = await graphs.render([segmentsOf(parts[index].strokes)]);
    rendered.push({ box: parts[index].box, picture });
  }
  return rendered;
}
