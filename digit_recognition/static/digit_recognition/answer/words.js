// The words for an answer: sure, or declined and why. They come from the page's data-text attributes. Knows no elements.

import { roundDown } from "./candidates.js";
import { bestOf, isNumber, rivalOf } from "./doubts.js";

/** @type {(answer: Answer, texts: Desk["dataset"], percent: Intl.NumberFormat, picture: boolean) => AnswerWords} */
export function wordsOf(answer, texts, percent, picture) {
  const { text, confidence, digits, reason } = answer;
  if (text !== null) {
    const headline = fill(texts.textSure, { percent: percent.format(roundDown(confidence)) });
    return { state: "answered", glyph: text, kind: isNumber(answer) ? "number" : "digit", text, headline, detail: "" };
  }
  if (digits.length === 1) {
    return { state: "declined", ...refusedDigit(answer, texts) };
  }
  const [headline, detail] = {
    blank: [texts.textHeadlineBlank, picture ? texts.textBlankPicture : texts.textBlank],
    "not a number": [texts.textHeadlineNotANumber, texts.textNotANumber],
    "several lines": [texts.textHeadlineSeveralLines, texts.textSeveralLines],
    "too long": [texts.textHeadlineTooLong, texts.textTooLong],
    unsure: [texts.textHeadlineUnsure, doubtOf(answer, texts)],
  }[/** @type {ReadingReason} */ (reason)];
  const shown = isNumber(answer) ? { glyph: bestOf(answer), kind: "number" } : { glyph: "?", kind: "question" };
  return { state: "declined", ...shown, headline, detail };
}

/** @type {(answer: Answer, texts: Desk["dataset"]) => Omit<AnswerWords, "state">} */
function refusedDigit({ reason, confidence, digits: [digit] }, texts) {
  const probabilities = /** @type {number[]} */ (digit.probabilities);
  const [first, second] = rank(probabilities);
  if (reason === "unsure") {
    const [glyph, detail] = [texts.textTwo, texts.textUnsure].map((words) => fill(words, { first, second }));
    return { glyph, kind: "two", headline: texts.textHeadlineUnsure, detail };
  }
  const isNearly = confidence >= probabilities[first] / 2; // P(digit) ≥ 0.5: confidence is P(digit) · P(best | digit)
  const detail = fill(isNearly ? texts.textNearly : texts.textNotADigit, { first });
  return { glyph: "?", kind: "question", headline: texts.textHeadlineNotADigit, detail };
}

/** @type {(answer: Answer, texts: Desk["dataset"]) => string} */
function doubtOf(answer, texts) {
  const [first, second] = [bestOf(answer), rivalOf(answer)];
  return second === null ? fill(texts.textBest, { first }) : fill(texts.textUnsure, { first, second });
}

// Returns the digits, the likeliest first.
/** @param {number[]} probabilities */
function rank(probabilities) {
  return probabilities.map((_, digit) => digit).sort((first, second) => probabilities[second] - probabilities[first]);
}

/** Replaces {name} by its value. @type {(text: string, values: Record<string, string | number>) => string} */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
