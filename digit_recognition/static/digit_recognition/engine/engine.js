// The worker that answers on this device: the server's own three files, run by onnxruntime-web. Knows no page.
// In: what to load, once, then what to answer or, with `why`, to explain; {id, dropped: true} ends that early.
// Out: {ready: true}, then {id, answer}; {failed: reason} where something is wrong.

import { digitProbability } from "../answer/probability.js";
import { explained } from "../explain/explain.js";
import * as ort from "../vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";
import { isBlank, segmentsOf, squareOf } from "./ink.js";
import { decoded, grayOf } from "./pictures.js";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is a touch by accident
const SIDE = 28;
const WARM_RUNS = 32;
const WARM_SEGMENTS = 64; // about as many as a digit's
// What is fetched of a run's outputs: each takes a twentieth of a millisecond.
const PICTURE = ["picture"];
const PICTURE_AND_PLACE = ["picture", "place"];
const ANSWER = ["probabilities", "confidence"];

/** @type {Loaded} */
let engine; // until it is loaded, nothing is asked
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
    postMessage({ id: data.id, failed: String(error) });
  }
});

/** @type {(task: Task) => Promise<Loaded>} */
async function load({ files, rule, model }) {
  const [wasm, strokes, network] = await Promise.all([files.wasm, files.strokes, files.model].map(fetched));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = wasm;
  const loaded = { strokes: await open(strokes), network: await open(network), files, rule, name: model };
  await warmUp(loaded);
  return loaded;
}

// The first runs are slow, and while they are, the browser compiles what turns out to be hot on the other processors:
// over before somebody draws. What is called seldom and is large must not turn out to be hot: see serving.py's one cast.
/** @param {Loaded} loaded */
async function warmUp(loaded) {
  const line = Float32Array.from({ length: 4 * WARM_SEGMENTS }, (_, index) => (index >> 1) / (2 * WARM_SEGMENTS));
  for (let run = 0; run < WARM_RUNS; run += 1) {
    await read(loaded, (await drawn(loaded, line, PICTURE)).picture);
  }
}

/** @param {string} address */
async function fetched(address) {
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

/** @param {Asking} given */
async function answer(given) {
  return read(engine, (await seenIn(given, PICTURE)).picture);
}

/** In the unit of what was given; see explain.js. @type {(given: Asking) => Promise<Square[]>} */
async function explain(given) {
  const { picture, place, unit } = await seenIn(given, PICTURE_AND_PLACE);
  /** @type {ProbabilitiesOf} */
  const probabilitiesOf = async (data, count) => {
    const pictures = new ort.Tensor("float32", data, [count, 1, SIDE, SIDE]);
    return (await engine.network.run({ picture: pictures }, ANSWER)).probabilities.data;
  };
  const squares = picture && (await explained(picture.data, probabilitiesOf, () => dropped.delete(given.id)));
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

// The picture that the network is to see, and where it lies; no picture where the drawing is blank. unit: the square, in
// what was given, that is 0 … 1 for the door.
/** @type {(given: Asking, outputs: string[]) => Promise<Seen>} */
async function seenIn({ strokes, picture }, outputs) {
  if (picture) {
    const door = await pixelsDoor();
    const { gray, width, height, factor } = grayOf(await decoded(picture));
    const found = await door.run({ ink: new ort.Tensor("uint8", gray, [1, height, width]) }, outputs);
    return { ...found, unit: { left: 0, top: 0, side: factor } };
  }
  const drawing = unpacked(strokes);
  if (isBlank(drawing, MIN_EXTENT_PX)) {
    return {};
  }
  return { ...(await drawn(engine, segmentsOf(drawing), outputs)), unit: squareOf(drawing) };
}

// Loaded with the first picture: few visitors need it.
async function pixelsDoor() {
  engine.pixels ??= fetched(engine.files.pixels).then(open);
  try {
    return await engine.pixels;
  } catch (error) {
    engine.pixels = null; // the next picture tries again
    throw error;
  }
}

/** @type {(packed: Packed) => Place[][]} */
function unpacked({ lengths, numbers }) {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => [numbers[next++], numbers[next++]]));
}

/** @type {(loaded: Loaded, segments: Float32Array, outputs: string[]) => Promise<Seen>} */
function drawn({ strokes }, segments, outputs) {
  return strokes.run({ segments: new ort.Tensor("float32", segments, [1, segments.length / 4, 4]) }, outputs);
}

/** @type {(loaded: Loaded, picture?: Tensor) => Promise<Answer<Uint8Array>>} */
async function read(loaded, picture) {
  if (!picture?.data.some((ink) => ink > 0)) {
    return blank(loaded);
  }
  const { probabilities, confidence } = await loaded.network.run({ picture }, ANSWER);
  const chances = Array.from(probabilities.data);
  const best = chances.indexOf(Math.max(...chances));
  const reason = whyNot(loaded.rule, confidence.data[0], chances[best]);
  return {
    digit: reason === null ? best : null,
    confidence: confidence.data[0],
    probabilities: chances,
    reason,
    model: loaded.name,
    seen: Uint8Array.from(picture.data, (ink) => Math.round(ink * 255)),
  };
}

// Why the model declines, or null. The rule is model.json's.
/** @type {(rule: Rule, confidence: number, best: number) => Reason | null} */
function whyNot(rule, confidence, best) {
  const digit = digitProbability(confidence, best);
  if (best < rule.sure) {
    return digit >= 0.5 || rule.digit === 0 ? "unsure" : "not a digit";
  }
  return digit < rule.digit ? "not a digit" : null;
}

/** @type {(loaded: Loaded) => Answer<Uint8Array>} */
function blank({ name }) {
  const probabilities = new Array(10).fill(0.1);
  return {
    digit: null,
    confidence: 0,
    probabilities,
    reason: "blank",
    model: name,
    seen: new Uint8Array(SIDE * SIDE),
  };
}
