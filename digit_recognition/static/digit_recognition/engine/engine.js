// The worker that answers on this device: onnxruntime-web runs the server's three ONNX files. Knows no page.
// Receives a Task, then questions; {id, dropped: true} stops an explanation early.
// Sends {ready: true}, then {id, answer} or {id, failed: reason}.

import { digitProbability } from "../answer/probability.js";
import { explainPicture } from "../explain/explain.js";
import * as ort from "../vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";
import { isBlank, segmentsOf, squareOf, thinnedOf } from "./ink.js";
import { mayStandApart, partsOfInk, partsOfStrokes } from "./parts.js";
import { decode, grayOf } from "./pictures.js";
import { chanceOfSeveral, partsToRead } from "./several.js";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is an accidental touch
const SIDE = 28;
const WARM_RUNS = 32;
const WARM_SEGMENTS = 64; // about a digit's number
// Outputs to fetch from a run: each takes 0.05 ms.
const CLEAN = ["clean"];
const PICTURE = ["picture"];
const PICTURE_AND_PLACE = ["picture", "place"];
const ANSWER = ["probabilities", "confidence"];

/** @type {Loaded} */
let engine; // the page asks nothing before it is loaded
const dropped = new Set();

addEventListener("message", async (/** @type {MessageEvent<ToEngine>} */ { data }) => {
  try {
    if ("files" in data) {
      engine = await load(data);
      postMessage({ ready: true });
    } else if ("dropped" in data) {
      dropped.add(data.id);
    } else {
      postMessage({ id: data.id, answer: await (data.why ? explain(data) : answer(data)) });
    }
  } catch (error) {
    const failed = String(error);
    postMessage(error instanceof UnsupportedModel ? { unsupported: true, failed } : { id: data.id, failed });
  }
});

/** @type {(task: Task) => Promise<Loaded>} */
async function load({ files, rule, model }) {
  const [wasm, strokes, network] = await Promise.all([files.wasm, files.strokes, files.model].map(fetchBytes));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = wasm;
  const session = await open(strokes);
  try {
    const loaded = { strokes: session, network: await open(network), files, rule, name: model };
    await warmUp(loaded);
    return loaded;
  } catch (error) {
    throw new UnsupportedModel(String(error));
  }
}

// An imported model may have operators that onnxruntime-web lacks. Every other file is this project's own.
class UnsupportedModel extends Error {}

// The first runs are slow: meanwhile the browser compiles hot functions on other cores. This is over before a visitor
// draws. Large functions that are seldom called must not become hot: see the single cast in serving.py.
/** @param {Loaded} loaded */
async function warmUp(loaded) {
  const line = Float32Array.from({ length: 4 * WARM_SEGMENTS }, (_, index) => (index >> 1) / (2 * WARM_SEGMENTS));
  for (let run = 0; run < WARM_RUNS; run += 1) {
    await read(loaded, (await renderStrokes(loaded, line, PICTURE)).picture);
  }
}

/** @param {string} address */
async function fetchBytes(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return response.arrayBuffer();
}

/** @type {(bytes: ArrayBuffer) => Promise<Graph>} */
function open(bytes) {
  const session = ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ["wasm"] });
  return /** @type {Promise<Graph>} */ (session);
}

/** @param {Asking} question */
async function answer(question) {
  const { picture, parts } = await renderPicture(question, PICTURE);
  return declineSeveral(await read(engine, picture), (await parts?.()) ?? []);
}

/** @type {(whole: Answer<Uint8Array>, parts: Part[]) => Promise<Answer<Uint8Array>>} */
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
  const shape = [parts.length, 1, SIDE, SIDE];
  const outputs = await engine.network.run({ picture: new ort.Tensor("float32", pictures, shape) }, ANSWER);
  return parts.map(({ box }, index) => {
    const probabilities = Array.from(outputs.probabilities.data.subarray(10 * index, 10 * index + 10));
    const digit = probabilities.indexOf(Math.max(...probabilities));
    return { box, digit, confidence: outputs.confidence.data[index] };
  });
}

/** Squares in the question's unit; see explain.js. @type {(question: Asking) => Promise<Square[]>} */
async function explain(question) {
  const { picture, place, unit } = await renderPicture(question, PICTURE_AND_PLACE);
  /** @type {ProbabilitiesOf} */
  const probabilitiesOf = async (data, count) => {
    const pictures = new ort.Tensor("float32", data, [count, 1, SIDE, SIDE]);
    return (await engine.network.run({ picture: pictures }, ANSWER)).probabilities.data;
  };
  const squares = picture && (await explainPicture(picture.data, probabilitiesOf, () => dropped.delete(question.id)));
  if (!(squares && place && unit)) {
    return [];
  }
  const [left, top, side] = place.data;
  const px = side / SIDE;
  return squares.map(({ x, y, side: width, gains }) => ({
    x: unit.left + (left + x * px) * unit.side,
    y: unit.top + (top + y * px) * unit.side,
    side: width * px * unit.side,
    gains,
  }));
}

// Returns the picture for the network and its place, or {} for a blank drawing. unit: the square of the question's own
// coordinates that the door calls 0 … 1.
/** @type {(question: Asking, outputs: string[]) => Promise<Seen>} */
async function renderPicture({ strokes, picture }, outputs) {
  if (picture) {
    const { cleaner, placer } = await openPixelsDoor();
    const { gray, width, height, factor } = grayOf(await decode(picture));
    const { clean } = await cleaner.run({ picture: new ort.Tensor("uint8", gray, [1, height, width]) }, CLEAN);
    const found = await placer.run({ clean }, outputs);
    const parts = () => placeParts(placer, { ink: clean.data, width, height });
    return { ...found, unit: { left: 0, top: 0, side: factor }, parts };
  }
  const drawing = unpack(strokes);
  if (isBlank(drawing, MIN_EXTENT_PX)) {
    return {};
  }
  const found = await renderStrokes(engine, segmentsOf(drawing), outputs);
  return { ...found, unit: squareOf(drawing), parts: () => renderParts(drawing) };
}

/** @type {(placer: Graph, ink: Ink) => Promise<Part[]>} */
async function placeParts(placer, picture) {
  const parts = partsOfInk(picture) ?? { boxes: [], cutOut: () => picture };
  const placed = [];
  for (const index of partsToRead(parts.boxes)) {
    const { ink, width, height } = parts.cutOut(index);
    const found = await placer.run({ clean: new ort.Tensor("float32", ink, [1, height, width]) }, PICTURE);
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
    const found = await renderStrokes(engine, segmentsOf(parts[index].strokes), PICTURE);
    rendered.push({ box: parts[index].box, picture: /** @type {Tensor} */ (found.picture).data });
  }
  return rendered;
}

// Loads with the first picture, because few visitors send one.
async function openPixelsDoor() {
  engine.pixels ??= openBoth(engine.files);
  try {
    return await engine.pixels;
  } catch (error) {
    engine.pixels = null; // lets the next picture try again
    throw error;
  }
}

/** @param {Task["files"]} files */
async function openBoth(files) {
  const [cleaner, placer] = await Promise.all([files.cleaner, files.placer].map(fetchBytes));
  return { cleaner: await open(cleaner), placer: await open(placer) };
}

/** @type {(packed: Packed) => Place[][]} */
function unpack({ lengths, numbers }) {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => [numbers[next++], numbers[next++]]));
}

/** @type {(loaded: Loaded, segments: Float32Array, outputs: string[]) => Promise<Seen>} */
function renderStrokes({ strokes }, segments, outputs) {
  return strokes.run({ segments: new ort.Tensor("float32", segments, [1, segments.length / 4, 4]) }, outputs);
}

/** @type {(loaded: Loaded, picture?: Tensor) => Promise<Answer<Uint8Array>>} */
async function read({ network, rule, name: model }, picture) {
  if (!picture?.data.some((ink) => ink > 0)) {
    const probabilities = new Array(10).fill(0.1);
    return { digit: null, confidence: 0, probabilities, reason: "blank", model, seen: new Uint8Array(SIDE * SIDE) };
  }
  const outputs = await network.run({ picture }, ANSWER);
  const [probabilities, [confidence]] = [Array.from(outputs.probabilities.data), outputs.confidence.data];
  const best = probabilities.indexOf(Math.max(...probabilities));
  const reason = declineReason(rule, confidence, probabilities[best]);
  const seen = Uint8Array.from(picture.data, (ink) => Math.round(ink * 255));
  return { digit: reason === null ? best : null, confidence, probabilities, reason, model, seen };
}

// Returns null if the model answers. The rule comes from model.json.
/** @type {(rule: Rule, confidence: number, best: number) => Reason | null} */
function declineReason(rule, confidence, best) {
  const digit = digitProbability(confidence, best);
  if (best < rule.sure) {
    return digit >= 0.5 || rule.digit === 0 ? "unsure" : "not a digit";
  }
  return digit < rule.digit ? "not a digit" : null;
}
