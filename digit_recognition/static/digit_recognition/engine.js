// The worker that answers on this device: the server's own three files, run by onnxruntime-web. Knows no page.
// In: {files, rule, model} once, then {id, strokes} or {id, picture}, a picture's file; with `why`, what in it speaks for
// each digit is asked. {id, dropped: true} ends that early. strokes: {lengths, numbers}, how many points each stroke has
// and x and y of all of them in turn.
// Out: {ready: true}, then {id, answer}; {failed: reason} where something is wrong.

import { explained } from "./explain.js";
import { isBlank, segmentsOf, squareOf } from "./ink.js";
import { decoded, grayOf } from "./pictures.js";
import * as ort from "./vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is a touch by accident
const SIDE = 28;
const WARM_RUNS = 32;
const WARM_SEGMENTS = 64; // about as many as a digit's
// What is fetched of a run's outputs: each takes a twentieth of a millisecond.
const PICTURE = ["picture"];
const PICTURE_AND_PLACE = ["picture", "place"];
const ANSWER = ["probabilities", "confidence"];

let engine = null;
const dropped = new Set();

addEventListener("message", async ({ data }) => {
  try {
    if (data.files) {
      engine = await load(data);
      postMessage({ ready: true });
    } else if (data.dropped) {
      dropped.add(data.id);
    } else {
      postMessage({ id: data.id, answer: await (data.why ? explain(data) : answer(data)) });
    }
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
});

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
async function warmUp(loaded) {
  const line = Float32Array.from({ length: 4 * WARM_SEGMENTS }, (_, index) => (index >> 1) / (2 * WARM_SEGMENTS));
  for (let run = 0; run < WARM_RUNS; run += 1) {
    await read(loaded, (await drawn(loaded, line, PICTURE)).picture);
  }
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return response.arrayBuffer();
}

function open(bytes) {
  return ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ["wasm"] });
}

async function answer(given) {
  return read(engine, (await seenIn(given, PICTURE)).picture);
}

/** [{x, y, side, gains}, ...] in the unit of what was given; see explain.js. */
async function explain(given) {
  const { picture, place, unit } = await seenIn(given, PICTURE_AND_PLACE);
  const probabilitiesOf = async (data, count) => {
    const pictures = new ort.Tensor("float32", data, [count, 1, SIDE, SIDE]);
    return (await engine.network.run({ picture: pictures }, ANSWER)).probabilities.data;
  };
  const squares = picture && (await explained(picture.data, probabilitiesOf, () => dropped.delete(given.id)));
  const [left, top, side] = place?.data ?? [];
  const px = side / SIDE;
  return (squares ?? []).map(({ x, y, side: width, gains }) => ({
    x: unit.left + (left + x * px) * unit.side,
    y: unit.top + (top + y * px) * unit.side,
    side: width * px * unit.side,
    gains,
  }));
}

// The picture that the network is to see, and where it lies; no picture where the drawing is blank. unit: the square, in
// what was given, that is 0 … 1 for the door.
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

function unpacked({ lengths, numbers }) {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => [numbers[next++], numbers[next++]]));
}

function drawn({ strokes }, segments, outputs) {
  return strokes.run({ segments: new ort.Tensor("float32", segments, [1, segments.length / 4, 4]) }, outputs);
}

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

// Why the model declines, or null; the rule is model.json's, of today's kind or that of the models up to digits_v3.
function whyNot(rule, confidence, best) {
  const digit = confidence / best; // confidence is P(digit) · P(best | digit)
  if ("accept" in rule) {
    if (confidence >= rule.accept) {
      return null;
    }
    return 1 - digit >= rule.not_a_digit ? "not a digit" : "unsure";
  }
  if (best < rule.sure) {
    return digit >= 0.5 ? "unsure" : "not a digit";
  }
  return digit < rule.digit ? "not a digit" : null;
}

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
