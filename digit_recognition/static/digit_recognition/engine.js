// The worker that answers on this device: the server's own three files, run by onnxruntime-web. Knows no page.
// In: {files, rule, model} once, then {id, strokes} or {id, picture}, an ImageData's {data, width, height}.
// Out: {ready: true}, then {id, answer}; {failed: reason} where something is wrong.

import * as ort from "./vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";
import { isBlank, segmentsOf } from "./ink.js";
import { grayOf } from "./pictures.js";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is a touch by accident
const SIDE = 28;

let engine = null;

onmessage = async ({ data }) => {
  try {
    if (data.files) {
      engine = await load(data);
      postMessage({ ready: true });
    } else {
      postMessage({ id: data.id, answer: await (data.picture ? readPicture(data.picture) : readStrokes(data.strokes)) });
    }
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};

async function load({ files, rule, model }) {
  const [wasm, strokes, network] = await Promise.all([files.wasm, files.strokes, files.model].map(fetched));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = wasm;
  const loaded = { strokes: await open(strokes), network: await open(network), files, rule, name: model };
  await read(loaded, await drawn(loaded, Float32Array.of(0, 0, 0, 1))); // the first run is slow: nobody should wait for it
  return loaded;
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

async function readStrokes(strokes) {
  return isBlank(strokes, MIN_EXTENT_PX) ? blank(engine) : read(engine, await drawn(engine, segmentsOf(strokes)));
}

async function readPicture(image) {
  engine.pixels ??= await open(await fetched(engine.files.pixels)); // few visitors need it
  const { gray, width, height } = grayOf(image);
  const { picture } = await engine.pixels.run({ ink: new ort.Tensor("uint8", gray, [1, height, width]) });
  return read(engine, picture);
}

async function drawn({ strokes }, segments) {
  const { picture } = await strokes.run({ segments: new ort.Tensor("float32", segments, [1, segments.length / 4, 4]) });
  return picture;
}

async function read(loaded, picture) {
  if (!picture.data.some((ink) => ink > 0)) {
    return blank(loaded);
  }
  const { probabilities, confidence } = await loaded.network.run({ picture });
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
    return confidence >= rule.accept ? null : 1 - digit >= rule.not_a_digit ? "not a digit" : "unsure";
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
