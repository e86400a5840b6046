// Reads lines of writing: the line network proposes texts, and the digit network judges each of their digits. Follows
// recognizer/numbers/reader.py, which explains the numbers. Knows no ONNX: the networks are functions.

import { digitProbability } from "../answer/probability.js";
import { align, CHARACTERS, CLASSES, search } from "./search.js";
import { isAllowed, weigh } from "./weighing.js";

const PLACE_PX = 2;
const MOST_CANDIDATES = 4;
const LEAST_SHARE = 0.02;
const PROBABLE = 0.05;
const LEAST = 1e-6;
const HALF = 0.5;
const MOST_CHARACTERS = 32;
export const MOST_ALTERNATIVES = 5;

/**
 * Asks the line network alone.
 * @type {(line: CuttableLine, networks: LineNetworks) => Promise<Proposed>}
 */
export async function propose({ picture }, networks) {
  const chances = await networks.chances(picture.picture, picture.width);
  return { chances, texts: likelyTexts(chances) };
}

/** True if every likely text is one digit. @param {Proposed} proposed */
export function isOneDigit({ texts }) {
  return texts.length > 0 && texts.every(({ text }) => text.length === 1 && isDigit(text));
}

/** The most probable text, if it is one digit. @param {Proposed} proposed */
export function firstDigit({ texts: [first] }) {
  return first && first.text.length === 1 && isDigit(first.text) ? Number(first.text) : null;
}

/**
 * Reads a line. The reading's box is that of the whole line, which the caller knows.
 * @type {(line: CuttableLine, proposed: Proposed, networks: LineNetworks, allow: Allow, box: Box) => Promise<Reading>}
 */
export async function readProposed(line, { chances, texts }, networks, allow, box) {
  if (texts.length === 0) {
    return declined("not a number", networks.model, box);
  }
  if (texts[0].text.length > MOST_CHARACTERS) {
    return { ...declined("too long", networks.model, box), alternatives: texts.slice(0, MOST_ALTERNATIVES) };
  }
  const reading = answer(await judge(line, chances, texts, networks), networks, allow, box);
  return line.hasLostInk ? unsure(reading) : reading;
}

/** Returns a reading of which a part may be missing. @type {(reading: Reading) => Reading} */
function unsure(reading) {
  const alternatives = reading.alternatives.map(({ text, probability }) => ({ text, probability: HALF * probability }));
  const reason = reading.reason ?? "unsure";
  return { ...reading, text: null, confidence: HALF * reading.confidence, alternatives, reason };
}

/** @type {(reason: ReadingReason, model: string, box?: Box | null) => Reading} */
export function declined(reason, model, box = null) {
  return { text: null, confidence: 0, digits: [], alternatives: [], reason, model, box };
}

/** The likely texts; none if no character is found. @type {(chances: Float32Array) => Found[]} */
function likelyTexts(chances) {
  const found = search(chances);
  const least = LEAST_SHARE * found[0].probability;
  return found.slice(0, MOST_CANDIDATES).filter(({ text, probability }) => text && probability >= least);
}

// Lets the digit network judge each text, cut in the best way for it, and propose other digits in its places.
/** @type {(line: CuttableLine, chances: Float32Array, found: Found[], networks: LineNetworks) => Promise<Judged[]>} */
async function judge(line, chances, found, networks) {
  const places = found.map(({ text }) => align(chances, text));
  const ways = places.map((each) => line.cut(each.map((place) => (place + 0.5) * PLACE_PX)));
  const predictions = await predict(
    ways.flatMap(({ cuts }) => cuts),
    networks,
  );
  const judged = new Map(found.map((each, index) => [each.text, judgedOf(each, ways[index], predictions)]));
  for (const [index, each] of Array.from(judged.values()).entries()) {
    for (const other of proposals(each, chances, places[index])) {
      if (!judged.has(other.text)) {
        judged.set(other.text, judgedOf(other, ways[index], predictions));
      }
    }
  }
  return Array.from(judged.values());
}

// Returns what the digit network says of each cut, by key.
/** @type {(cuts: Cut[], networks: LineNetworks) => Promise<Map<string, Prediction>>} */
async function predict(cuts, networks) {
  const inked = new Map(cuts.filter(({ key }) => key).map((cut) => [cut.key, cut]));
  if (inked.size === 0) {
    return new Map();
  }
  const predictions = await networks.predict(Array.from(inked.values()));
  return new Map(Array.from(inked.keys(), (key, index) => [key, predictions[index]]));
}

// Chooses the way to cut in which the digits of a text are most probable.
/** @type {(found: Found, ways: Ways, predictions: Map<string, Prediction>) => Judged} */
function judgedOf({ text, probability }, ways, predictions) {
  const way = ways.best((at, cut) => Math.log(Math.max(chanceIn(text, at, cut, predictions), LEAST)));
  const own = way.map(({ key }, at) => (isDigit(text[at]) ? (predictions.get(key) ?? null) : null));
  const judged = way
    .map((cut, at) => ({ cut, chance: chanceIn(text, at, cut, predictions), isDigit: isDigit(text[at]) }))
    .filter((each) => each.isDigit || !each.cut.key);
  return {
    text,
    probability,
    way,
    predictions: own,
    ofDigits: judged.filter(({ cut }) => !cut.isCut).map(({ chance }) => chance),
    ofCutDigits: judged.filter(({ cut }) => cut.isCut).map(({ chance }) => chance),
    hasBeside: judged.some((each) => each.isDigit && each.cut.hasBeside),
  };
}

/** @param {string} character */
function isDigit(character) {
  return character >= "0" && character <= "9";
}

// Returns the digit network's chance of a character of a text: 1 for a sign or point, 0 if there is no ink.
/** @type {(text: string, at: number, cut: Cut, predictions: Map<string, Prediction>) => number} */
function chanceIn(text, at, { key }, predictions) {
  const prediction = predictions.get(key);
  if (!prediction) {
    return 0;
  }
  return isDigit(text[at]) ? chanceOf(prediction, Number(text[at])) : 1;
}

/** @type {(prediction: Prediction, digit: number) => number} */
function chanceOf({ probabilities, confidence }, digit) {
  return probabilities[digit] * digitProbability(confidence, Math.max(...probabilities));
}

// Returns the text with other digits that the digit network finds probable: each alone, and all at once. places: of the
// characters. Their probability is the found text's, times that of the digits in their places.
/** @type {(judged: Judged, chances: Float32Array, places: number[]) => Found[]} */
function proposals(judged, chances, places) {
  /** @type {Found[]} */
  const proposed = [];
  /** @type {Found} */
  let all = judged;
  judged.predictions.forEach((prediction, at) => {
    if (!prediction) {
      return;
    }
    const digit = prediction.probabilities.indexOf(Math.max(...prediction.probabilities));
    if (String(digit) === judged.text[at] || chanceOf(prediction, digit) < PROBABLE) {
      return;
    }
    const factor = factorOf(chances, places, at, judged.text[at], String(digit));
    proposed.push(withCharacter(judged, at, String(digit), factor));
    all = withCharacter(all, at, String(digit), factor);
  });
  return proposed.length < 2 ? proposed : [...proposed, all];
}

/** @type {(found: Found, at: number, character: string, factor: number) => Found} */
function withCharacter({ text, probability }, at, character, factor) {
  return { text: text.slice(0, at) + character + text.slice(at + 1), probability: probability * factor };
}

// Returns how probable another character is in one place, as a factor of the text's probability.
/** @type {(chances: Float32Array, places: number[], at: number, insteadOf: string, digit: string) => number} */
function factorOf(chances, places, at, insteadOf, digit) {
  const low = at > 0 ? (places[at - 1] + places[at]) / 2 : 0;
  const count = chances.length / CLASSES;
  const high = at + 1 < places.length ? (places[at] + places[at + 1]) / 2 : count;
  const [before, after] = [insteadOf, digit].map((character) => {
    let sum = 0;
    for (let place = Math.floor(low); place < Math.min(Math.ceil(high) + 1, count); place += 1) {
      sum += chances[place * CLASSES + 1 + CHARACTERS.indexOf(character)];
    }
    return sum;
  });
  return Math.min((after + LEAST) / (before + LEAST), 1);
}

/** @type {(judged: Judged[], networks: LineNetworks, allow: Allow, box: Box) => Reading} */
function answer(judged, { weights, model }, allow, box) {
  const chances = weigh(judged, weights[allow]);
  const ordered = judged
    .map((each, index) => ({ ...each, chance: chances[index] }))
    .sort((first, second) => second.chance - first.chance || (first.text < second.text ? -1 : 1));
  const allowed = ordered.filter(({ text }) => isAllowed(text, allow));
  if (allowed.length === 0) {
    return declined("not a number", model, box);
  }
  const [best] = allowed;
  const reason = reasonOf(best.chance, best === ordered[0], weights[allow]);
  return {
    text: reason ? null : best.text,
    confidence: best.chance,
    digits: best.way.map((cut, at) => digitOf(best.text[at], cut, best.predictions[at])),
    alternatives: allowed.slice(0, MOST_ALTERNATIVES).map(({ text, chance }) => ({ text, probability: chance })),
    reason,
    model,
    box,
  };
}

/** @type {(text: string, cut: Cut, prediction: Prediction | null) => Reading["digits"][number]} */
function digitOf(text, cut, prediction) {
  const { box, strokes } = cut;
  return { text, prediction: prediction && { ...prediction, box }, box, strokes, cut };
}

/** @type {(confidence: number, isBest: boolean, weights: Weights) => ReadingReason | null} */
function reasonOf(confidence, isBest, { sure }) {
  if (!isBest) {
    return "not a number";
  }
  return confidence < sure ? "unsure" : null;
}
