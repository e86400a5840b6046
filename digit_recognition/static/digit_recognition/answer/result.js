// Shows the result in one of five states: empty, waiting, answered, declined, failed. The words come from the page's
// data-text attributes.

import { Candidates, roundDown } from "./candidates.js";

const NO_DIGIT = "–";
const ANNOUNCE_AFTER_MS = 1000; // screen readers hear only of longer waits

export class Result {
  #root;
  #texts;
  #percent;
  #picture;
  /** @type {number | undefined} */
  #announceTimer;
  candidates;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#root = desk;
    this.#texts = desk.dataset;
    this.#picture = this.#part("seen").getContext("2d", { willReadFrequently: true }); // stays off the graphics card
    /** @type {Intl.NumberFormatOptions} */
    const format = { style: "percent", maximumFractionDigits: 1 };
    this.#percent = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, format);
    this.candidates = new Candidates(desk, this.#percent);
  }

  showEmpty() {
    this.#say("empty", { headline: this.#texts.textEmpty, detail: this.#texts.textEmptyDetail });
    this.#showEvidence(null);
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
    this.#showEvidence(answer);
    if (answer.digit === null) {
      this.#decline(answer, settled, picture);
      return;
    }
    const headline = fill(this.#texts.textSure, { percent: this.#percent.format(roundDown(answer.confidence)) });
    const digit = String(answer.digit);
    this.#say("answered", { glyph: digit, kind: "digit", digit, headline, source: answer.from });
    this.announce(settled ? `${answer.digit}. ${headline}` : "");
  }

  /** @type {(kind: Failure, retry: Retry) => void} */
  showFailed(kind, retry) {
    const words = { headline: this.#texts.textFailed, detail: this.#texts[`text${capitalise(kind)}`] };
    this.#say("failed", words);
    this.#showEvidence(null);
    const button = this.#action("retry");
    button.hidden = !retry;
    button.textContent = (retry && button.dataset[`text${capitalise(retry)}`]) ?? null;
    this.announce(`${words.headline}. ${words.detail}`);
  }

  /** Tells screen readers, until the next text. @param {string} text */
  announce(text) {
    this.#write("announcement", text);
  }

  /** @type {(answer: AnswerFrom, settled: boolean, picture: boolean) => void} */
  #decline({ reason, probabilities, confidence, from }, settled, picture) {
    const [first, second] = rank(probabilities);
    const isNearly = confidence >= probabilities[first] / 2; // P(digit) ≥ 0.5: confidence is P(digit) · P(best | digit)
    const [headline, detail, glyph] = {
      blank: [this.#texts.textHeadlineBlank, picture ? this.#texts.textBlankPicture : this.#texts.textBlank, "?"],
      "not a digit": [
        this.#texts.textHeadlineNotADigit,
        isNearly ? this.#texts.textNearly : this.#texts.textNotADigit,
        "?",
      ],
      "several digits": [this.#texts.textHeadlineSeveral, this.#texts.textSeveral, "?"],
      unsure: [this.#texts.textHeadlineUnsure, this.#texts.textUnsure, this.#texts.textTwo],
    }[/** @type {Reason} */ (reason)].map((words) => fill(words, { first, second }));
    this.#say("declined", { glyph, kind: reason === "unsure" ? "two" : "question", headline, detail, source: from });
    this.announce(settled ? `${headline}. ${detail}` : "");
  }

  /** @type {(state: string, words: Words) => void} */
  #say(state, { glyph = NO_DIGIT, kind = "none", digit = "", headline, detail = "", source = "" }) {
    this.#part("answer").dataset.state = state;
    this.#part("answer").setAttribute("aria-busy", "false");
    this.#part("digit").dataset.digit = digit;
    this.#part("digit").dataset.kind = kind;
    this.#write("digit", glyph);
    this.#write("headline", headline);
    this.#write("detail", detail);
    this.#write("source", source && this.#texts[`textFrom${capitalise(source)}`]);
    this.#hideRetry();
    this.#action("copy").hidden = digit === "";
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

  /** @param {AnswerFrom | null} answer */
  #showEvidence(answer) {
    const seen = this.#part("seen");
    seen.hidden = !answer;
    if (answer) {
      this.#picture.putImageData(answer.seen, 0, 0);
    }
    this.candidates.show(answer);
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

// Returns the digits, the likeliest first.
/** @param {number[]} probabilities */
function rank(probabilities) {
  return probabilities.map((_, digit) => digit).sort((first, second) => probabilities[second] - probabilities[first]);
}

/** @type {(text: string, values: Record<string, string | number>) => string} */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {string} word */
function capitalise(word) {
  return word[0].toUpperCase() + word.slice(1);
}
