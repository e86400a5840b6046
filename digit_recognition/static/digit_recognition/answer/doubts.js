// What an answer is, and what is unsure in it. Knows no page.

import { digitProbability } from "./probability.js";

const SURE = 0.9; // the least chance of a character that has no mark
const LIKELY = 0.1; // of the best text's chance: less likely texts are not named

/** @param {Answer} answer */
export function isNumber({ digits }) {
  return digits.length > 1;
}

/** The most probable text. @param {Answer} answer */
export function bestOf({ digits }) {
  return digits.map(({ text }) => text).join("");
}

/** Returns the indexes of the characters that are unsure. @param {Answer} answer */
export function unsureIn({ digits, alternatives }) {
  const chances = digits.map((digit, at) => Math.min(chanceOf(digit), agreementOn(at, digits, alternatives)));
  return chances.flatMap((chance, at) => (chance < SURE ? at : []));
}

// The digit network's chance that a character alone is this digit.
/** @param {Character} character */
function chanceOf({ text, confidence, probabilities }) {
  if (confidence === null || probabilities === null) {
    return 1;
  }
  return probabilities[Number(text)] * digitProbability(confidence, Math.max(...probabilities));
}

// The share of the texts that have the same character in this place. Texts of another length count for no place.
/** @type {(at: number, digits: Character[], alternatives: Answer["alternatives"]) => number} */
function agreementOn(at, digits, alternatives) {
  let [same, all] = [0, 0];
  for (const { text, probability } of alternatives) {
    if (text.length === digits.length) {
      same += text[at] === digits[at].text ? probability : 0;
      all += probability;
    }
  }
  return all > 0 ? same / all : 1;
}

/**
 * Returns the likeliest other text, or null if none is likely.
 * @param {Answer} answer
 */
export function rivalOf({ alternatives: [best, second] }) {
  return second && second.probability >= LIKELY * best.probability ? second.text : null;
}

/**
 * Returns the only place in which two texts differ, or null.
 * @type {(first: string, second: string) => number | null}
 */
export function onlyDifference(first, second) {
  if (first.length !== second.length) {
    return null;
  }
  const places = Array.from(first).flatMap((character, at) => (character === second[at] ? [] : at));
  return places.length === 1 ? places[0] : null;
}
