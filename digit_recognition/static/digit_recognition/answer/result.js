// Shows the result in one of five states: empty, waiting, answered, declined, failed. The words come from the page's
// data-text attributes. A number has a row of its characters, and the evidence of one of them.

import { Candidates } from "./candidates.js";
import { bestOf, isNumber, onlyDifference, rivalOf, unsureIn } from "./doubts.js";
import { NumberRow } from "./number.js";
import { fill, wordsOf } from "./words.js";

const NO_DIGIT = "–";
const OPEN = "▯"; // a character that is one or another
const ANNOUNCE_AFTER_MS = 1000; // screen readers hear only of longer waits

export class Result {
  #root;
  #texts;
  #percent;
  #picture;
  /** @type {number | undefined} */
  #announceTimer;
  /** @type {AnswerFrom | null} */
  #answer = null; // in view
  /** @type {number | null} */
  #chosen = null; // the visitor's character
  candidates;
  number;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#root = desk;
    this.#texts = desk.dataset;
    this.#picture = this.#part("seen").getContext("2d", { willReadFrequently: true }); // stays off the graphics card
    /** @type {Intl.NumberFormatOptions} */
    const format = { style: "percent", maximumFractionDigits: 1 };
    this.#percent = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, format);
    this.candidates = new Candidates(desk, this.#percent);
    this.number = new NumberRow(this.#part("number"));
  }

  /** The digit whose evidence is in view; null for a sign or point. @type {Shown | null} */
  get shown() {
    const at = this.#at;
    const probabilities = this.#answer?.digits.at(at)?.probabilities;
    return this.#answer && probabilities ? { probabilities, at, from: this.#answer.from } : null;
  }

  /** Shows the evidence of a character. @param {number} at */
  choose(at) {
    this.#chosen = at;
    this.#showEvidence();
  }

  showEmpty() {
    this.#chosen = null;
    this.#say("empty", { headline: this.#texts.textEmpty, detail: this.#texts.textEmptyDetail });
    this.#show(null);
    this.announce(this.#texts.textEmpty);
  }

  /** Fades the last answer but keeps it in view. Empties data-digit, because that answer is out of date. */
  showWaiting() {
    this.#part("answer").dataset.state = "waiting";
    this.#part("answer").setAttribute("aria-busy", "true");
    this.#part("digit").dataset.digit = "";
    this.#write("headline", this.#texts.textWaiting);
    this.#write("detail", "");
    this.#hideRetry();
    this.#action("copy").hidden = true;
    this.announce("");
    clearTimeout(this.#announceTimer);
    this.#announceTimer = setTimeout(() => this.announce(this.#texts.textWaiting), ANNOUNCE_AFTER_MS);
  }

  /** @type {(answer: AnswerFrom, how?: Partial<Manner>) => void} */
  showAnswer(answer, { settled = true, picture = false } = {}) {
    this.#part("answer").toggleAttribute("data-live", !settled);
    this.#show(answer);
    const { state, ...words } = wordsOf(answer, this.#texts, this.#percent, picture);
    this.#say(state, { ...words, source: answer.from });
    const { glyph, headline, detail } = words;
    const said = state === "answered" ? `${spell(glyph)}. ${headline}` : `${headline}. ${spell(detail)}`;
    this.announce(settled ? said : "");
  }

  /** @type {(kind: Failure, retry: Retry) => void} */
  showFailed(kind, retry) {
    const words = { headline: this.#texts.textFailed, detail: this.#texts[`text${capitalise(kind)}`] };
    this.#say("failed", words);
    this.#show(null);
    const button = this.#action("retry");
    button.hidden = !retry;
    button.textContent = (retry && button.dataset[`text${capitalise(retry)}`]) ?? null;
    this.announce(`${words.headline}. ${words.detail}`);
  }

  /** Tells screen readers, until the next text. @param {string} text */
  announce(text) {
    this.#write("announcement", text);
  }

  /** The characters, and the evidence of one of them. @param {AnswerFrom | null} answer */
  #show(answer) {
    this.#answer = answer;
    this.#showEvidence();
  }

  #showEvidence() {
    const at = this.#at;
    const answer = this.#answer;
    this.number.show(answer && isNumber(answer) ? this.#lettersOf(answer, at) : []);
    const digit = answer?.digits.at(at) ?? null;
    const seen = this.#part("seen");
    seen.hidden = !digit?.seen;
    if (digit?.seen) {
      this.#picture.putImageData(digit.seen, 0, 0);
    }
    this.candidates.show(digit, answer?.from);
  }

  // The chosen character, else the first that is unsure, else the last.
  get #at() {
    const answer = this.#answer;
    if (!answer || !isNumber(answer)) {
      return 0;
    }
    const { length } = answer.digits;
    return this.#chosen !== null && this.#chosen < length ? this.#chosen : (unsureIn(answer)[0] ?? length - 1);
  }

  /** @type {(answer: Answer, chosen: number) => Letter[]} */
  #lettersOf(answer, chosen) {
    const unsure = new Set(unsureIn(answer));
    const rival = answer.text === null ? rivalOf(answer) : null;
    const open = rival === null ? null : onlyDifference(bestOf(answer), rival);
    return answer.digits.map(({ text }, at) => ({
      text: at === open ? OPEN : text,
      name: at === open ? fill(this.#texts.textTwo, { first: text, second: (rival ?? "")[at] }) : text,
      unsure: unsure.has(at) || at === open,
      chosen: at === chosen,
    }));
  }

  /** @type {(state: string, words: Words) => void} */
  #say(state, { glyph = NO_DIGIT, kind = "none", text = "", headline, detail = "", source = "" }) {
    this.#part("answer").dataset.state = state;
    this.#part("answer").setAttribute("aria-busy", "false");
    this.#part("digit").dataset.digit = text;
    this.#part("digit").dataset.kind = kind;
    this.#write("digit", glyph);
    this.#write("headline", headline);
    this.#write("detail", detail);
    this.#write("source", source && this.#texts[`textFrom${capitalise(source)}`]);
    this.#hideRetry();
    this.#action("copy").hidden = text === "";
    clearTimeout(this.#announceTimer);
    this.announce("");
  }

  #hideRetry() {
    const retry = this.#action("retry");
    if (retry === document.activeElement) {
      this.#part("canvas").focus();
    }
    retry.hidden = true;
  }

  // Writing costs a layout even if the text is the same, and answers come with every move of the pen.
  /** @type {(role: keyof Roles, text?: string) => void} */
  #write(role, text = "") {
    const part = this.#part(role);
    if (part.textContent !== text) {
      part.textContent = text;
    }
  }

  /** @type {FindRole} */
  #part(role) {
    return this.#root.querySelector(`[data-role=${role}]`);
  }

  /** @type {FindAction} */
  #action(name) {
    return this.#root.querySelector(`[data-action=${name}]`);
  }
}

// Screen readers say a number digit by digit only if the digits stand apart.
/** @param {string} text */
function spell(text) {
  return text.replace(/\d(?=\d)/g, "$& ");
}

/** @param {string} word */
function capitalise(word) {
  return word[0].toUpperCase() + word.slice(1);
}
