// The worker that answers on this device: the server's own three files, run by onnxruntime-web. Knows no page.
// In: {files, rule} once, then {id, strokes}. Out: {ready: true} or {failed: reason}, then {id, answer} or {id, failed}.

import * as ort from "./vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";
import { isBlank, segmentsOf } from "./ink.js";

const MIN_EXTENT_PX = 8; // CSS px; a smaller drawing is a touch by accident
const SIDE = 28;

let engine = null;

onmessage = async ({ data }) => {
  try {
    if (data.files) {
      engine = await load(data);
      postMessage({ ready: true });
    } else {
      postMessage({ id: data.id, answer: await answerTo(data.strokes) });
    }
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};

async function load({ files, rule, model }) {
  const [wasm, strokes, network] = await Promise.all([files.wasm, files.strokes, files.model].map(fetched));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = wasm;
  const sessions = { strokes: await open(strokes), model: await open(network) };
  const loaded = { ...sessions, rule, name: model };
  await read(loaded, Float32Array.of(0, 0, 0, 1)); // the first run is slow: nobody should wait for it
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

async function answerTo(strokes) {
  if (isBlank(strokes, MIN_EXTENT_PX)) {
    return blank(engine);
  }
  return read(engine, segmentsOf(strokes));
}

async function read(loaded, segments) {
  const { strokes, model, rule, name } = loaded;
  const drawn = new ort.Tensor("float32", segments, [1, segments.length / 4, 4]);
  const { picture } = await strokes.run({ segments: drawn });
  if (!picture.data.some((ink) => ink > 0)) {
    return blank(loaded);
  }
  const { probabilities, confidence } = await model.run({ picture });
  const chances = Array.from(probabilities.data);
  const best = chances.indexOf(Math.max(...chances));
  const reason = whyNot(rule, confidence.data[0], chances[best]);
  return {
    digit: reason === null ? best : null,
    confidence: confidence.data[0],
    probabilities: chances,
    reason,
    model: name,
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
