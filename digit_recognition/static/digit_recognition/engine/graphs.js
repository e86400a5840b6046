// Opens and runs the ONNX files with onnxruntime-web. Knows no question and no number.

import { digitProbability } from "../answer/probability.js";
import * as ort from "../vendor/onnxruntime-web/ort.wasm.bundle.min.mjs";

const SIDE = 28;
const LINE_HEIGHT = 32;
const NUMBERS_AT_ONCE = 4 * 4096; // of segments, in one run: some 60 MB of memory
const WARM_RUNS = 32;
const WARM_SEGMENTS = 64; // about a digit's number
const WARM_LINE_PX = 64; // about a digit's line

// An imported model may have operators that onnxruntime-web lacks. Every other file is this project's own.
export class UnsupportedModel extends Error {}

/** The files that an answer needs. Pictures are (n, 28, 28), in one row of numbers. */
export class Graphs {
  #files;
  #rule;
  #model;
  /** @type {Graph} */
  #strokes;
  /** @type {Graph} */
  #network;
  /** @type {Graph} */
  #lines;
  /** @type {Promise<PixelsDoor> | null} */
  #pixels = null;

  /** @param {Task} task @param {Record<"strokes" | "network" | "lines", Graph>} graphs */
  constructor({ files, rule, model }, { strokes, network, lines }) {
    this.#files = files;
    this.#rule = rule;
    this.#model = model;
    this.#strokes = strokes;
    this.#network = network;
    this.#lines = lines;
  }

  /** @param {Task} task */
  static async load(task) {
    const { files } = task;
    const [wasm, ...contents] = await Promise.all(
      [files.wasm, files.strokes, files.lines, files.model].map(fetchBytes),
    );
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmBinary = wasm;
    const [strokes, lines] = [await open(contents[0]), await open(contents[1])];
    try {
      const graphs = new Graphs(task, { strokes, lines, network: await open(contents[2]) });
      await graphs.#warmUp();
      return graphs;
    } catch (error) {
      throw new UnsupportedModel(String(error));
    }
  }

  // The first runs are slow: meanwhile the browser compiles hot functions on other cores. This is over before a visitor
  // draws. Large functions that are seldom called must not become hot: see the single cast in serving.py.
  async #warmUp() {
    const line = Float32Array.from({ length: 4 * WARM_SEGMENTS }, (_, index) => (index >> 1) / (2 * WARM_SEGMENTS));
    for (let run = 0; run < WARM_RUNS; run += 1) {
      await this.predict(await this.render([line]));
      await this.chances(new Uint8Array(LINE_HEIGHT * WARM_LINE_PX), WARM_LINE_PX);
    }
  }

  /** The name of the digit model. */
  get model() {
    return this.#model;
  }

  /**
   * Returns the pictures for the network, in one row. drawings: the segments of each. The shorter ones end in segments
   * of length 0: one run is faster than several.
   * @type {(drawings: Float32Array[]) => Promise<Float32Array>}
   */
  async render(drawings) {
    const longest = drawings.reduce((most, { length }) => Math.max(most, length), 0);
    const perRun = Math.max(1, Math.floor(NUMBERS_AT_ONCE / longest));
    const pictures = new Float32Array(drawings.length * SIDE * SIDE);
    for (let start = 0; start < drawings.length; start += perRun) {
      const stack = stackOf(drawings.slice(start, start + perRun), longest);
      const segments = new ort.Tensor("float32", stack, [stack.length / longest, longest / 4, 4]);
      const { picture } = await this.#strokes.run({ segments }, ["picture"]);
      pictures.set(picture.data, start * SIDE * SIDE);
    }
    return pictures;
  }

  /** Returns also where that is in the segments' unit. @type {(segments: Float32Array) => Promise<Placed>} */
  placeSegments(segments) {
    const tensor = new ort.Tensor("float32", segments, [1, segments.length / 4, 4]);
    return this.#strokes.run({ segments: tensor }, ["picture", "place"]);
  }

  /** Returns a picture's ink. @type {(picture: Gray) => Promise<Ink>} */
  async clean(picture) {
    return clean((await this.#openPixelsDoor()).cleaner, picture);
  }

  /** Returns the ink of a picture of lines of writing. @type {(picture: Gray) => Promise<Ink>} */
  async cleanLines(picture) {
    return clean((await this.#openPixelsDoor()).lineCleaner, picture);
  }

  /** Returns the pictures for the network, and their places. inks: of one size. @type {(inks: Ink[]) => Promise<Placed>} */
  async place(inks) {
    const { placer } = await this.#openPixelsDoor();
    const [{ width, height }] = inks;
    const all = new Float32Array(inks.length * width * height);
    inks.forEach(({ ink }, index) => {
      all.set(ink, index * width * height);
    });
    return placer.run({ clean: new ort.Tensor("float32", all, [inks.length, height, width]) }, ["picture", "place"]);
  }

  /** Returns the chance of each of 16 characters at each place of a line. @type {LineNetworks["chances"]} */
  async chances(picture, width) {
    const tensor = new ort.Tensor("uint8", picture, [1, LINE_HEIGHT, width]);
    return (await this.#lines.run({ picture: tensor }, ["chances"])).chances.data;
  }

  /** Returns the ten probabilities of each picture, and its confidence. @type {(pictures: Float32Array) => Promise<Asked>} */
  async ask(pictures) {
    const shape = [pictures.length / (SIDE * SIDE), 1, SIDE, SIDE];
    const { probabilities, confidence } = await this.#network.run(
      { picture: new ort.Tensor("float32", pictures, shape) },
      ["probabilities", "confidence"],
    );
    return { probabilities: probabilities.data, confidence: confidence.data };
  }

  /** Returns the answer to each picture. @type {(pictures: Float32Array) => Promise<Prediction[]>} */
  async predict(pictures) {
    const { probabilities, confidence } = await this.ask(pictures);
    return Array.from(confidence, (sure, index) => {
      const ten = Array.from(probabilities.subarray(10 * index, 10 * index + 10));
      const picture = pictures.subarray(SIDE * SIDE * index, SIDE * SIDE * (index + 1));
      return picture.some((ink) => ink > 0) ? this.#answer(ten, sure, picture) : blank(this.#model);
    });
  }

  /** @type {(probabilities: number[], confidence: number, picture: Float32Array) => Prediction} */
  #answer(probabilities, confidence, picture) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    const reason = declineReason(this.#rule, confidence, probabilities[best]);
    const seen = Uint8Array.from(picture, (ink) => Math.round(ink * 255));
    return { digit: reason === null ? best : null, confidence, probabilities, reason, model: this.#model, seen };
  }

  // Loads with the first picture, because few visitors send one.
  async #openPixelsDoor() {
    this.#pixels ??= openPixelsDoor(this.#files);
    try {
      return await this.#pixels;
    } catch (error) {
      this.#pixels = null; // lets the next picture try again
      throw error;
    }
  }
}

/** The answer to a drawing without ink. @type {(model: string) => Prediction} */
export function blank(model) {
  const probabilities = new Array(10).fill(0.1);
  return { digit: null, confidence: 0, probabilities, reason: "blank", model, seen: new Uint8Array(SIDE * SIDE) };
}

/** @type {(files: Task["files"]) => Promise<PixelsDoor>} */
async function openPixelsDoor({ cleaner, lineCleaner, placer }) {
  const contents = await Promise.all([cleaner, lineCleaner, placer].map(fetchBytes));
  return { cleaner: await open(contents[0]), lineCleaner: await open(contents[1]), placer: await open(contents[2]) };
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

/** @type {(drawings: Float32Array[], longest: number) => Float32Array} */
function stackOf(drawings, longest) {
  const stack = new Float32Array(drawings.length * longest);
  drawings.forEach((segments, index) => {
    const row = stack.subarray(index * longest, (index + 1) * longest);
    row.set(segments);
    for (let at = segments.length; at < longest; at += 2) {
      row.set(segments.subarray(-2), at); // the last point
    }
  });
  return stack;
}

/** @type {(cleaner: Graph, picture: Gray) => Promise<Ink>} */
async function clean(cleaner, { gray, width, height }) {
  const found = await cleaner.run({ picture: new ort.Tensor("uint8", gray, [1, height, width]) }, ["clean"]);
  return { ink: found.clean.data, width, height };
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
