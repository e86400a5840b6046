// Shows what came of a drawing, in one of five states: empty, waiting, answered, declined, failed.
// The words are the page's own, from its data-text attributes.

import { Candidates } from "./candidates.js";

const NO_DIGIT = "–";

export class Result {
  #root;
  #texts;
  #percent;
  candidates;

  constructor(desk) {
    this.#root = desk;
    this.#texts = desk.dataset;
    const format = { style: "percent", maximumFractionDigits: 1 };
    this.#percent = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, format);
    this.candidates = new Candidates(desk, this.#percent);
  }

  showEmpty() {
    this.#say("empty", { headline: this.#texts.textEmpty, detail: this.#texts.textEmptyDetail });
    this.#showEvidence(null);
    this.#announce(this.#texts.textEmpty);
  }

  /** The answer before stays in view, faded, but no program may read it as this drawing's. */
  showWaiting() {
    this.#part("answer").dataset.state = "waiting";
    this.#part("answer").setAttribute("aria-busy", "true");
    this.#part("digit").dataset.digit = "";
    this.#part("headline").textContent = this.#texts.textWaiting;
    this.#part("detail").textContent = "";
    this.#action("retry").hidden = true;
  }

  /**
   * settled: whether the pen has lifted; what changes with every move is not announced. several: whether the drawing
   * looks like several digits.
   */
  showAnswer(answer, { settled = true, several = false } = {}) {
    this.#part("answer").toggleAttribute("data-live", !settled);
    this.#showEvidence(answer);
    if (answer.digit === null) {
      this.#decline(answer, settled, several);
      return;
    }
    const headline = fill(this.#texts.textSure, { percent: this.#share(answer.confidence) });
    this.#say("answered", { digit: answer.digit, headline, source: answer.from });
    this.#announce(settled ? `${answer.digit}. ${headline}` : "");
  }

  showFailed(kind) {
    const words = { headline: this.#texts.textFailed, detail: this.#texts[`text${capital(kind)}`] };
    this.#say("failed", words);
    this.#showEvidence(null);
    this.#action("retry").hidden = false;
    this.#announce(`${words.headline}. ${words.detail}`);
  }

  #decline({ reason, probabilities, from }, settled, several) {
    const [first, second] = ranked(probabilities);
    const [headline, text, glyph] = {
      blank: [this.#texts.textHeadlineBlank, this.#texts.textBlank, "?"],
      "not a digit": [this.#texts.textHeadlineNotADigit, this.#texts.textNotADigit, "?"],
      unsure: [this.#texts.textHeadlineUnsure, this.#texts.textUnsure, this.#texts.textTwo],
    }[reason].map((words) => fill(words, { first, second }));
    const detail = several && reason !== "blank" ? this.#texts.textSeveral : text;
    this.#say("declined", { glyph, headline, detail, source: from });
    this.#announce(settled ? `${headline}. ${detail}` : "");
  }

  #say(state, { digit = "", glyph = digit, headline, detail = "", source = "" }) {
    this.#part("answer").dataset.state = state;
    this.#part("answer").setAttribute("aria-busy", "false");
    this.#part("digit").dataset.digit = digit;
    this.#part("digit").textContent = glyph === "" ? NO_DIGIT : glyph;
    this.#part("headline").textContent = headline;
    this.#part("detail").textContent = detail;
    this.#part("source").textContent = source && this.#texts[`textFrom${capital(source)}`];
    this.#action("retry").hidden = true;
    this.#action("copy").hidden = digit === "";
    this.#part("announcement").textContent = "";
  }

  #showEvidence(answer) {
    const image = this.#part("seen");
    image.hidden = !answer?.seen;
    if (answer?.seen) {
      image.src = answer.seen;
    }
    this.candidates.show(answer);
  }

  #share(confidence) {
    // Cut, not rounded: 99.97 % is not certain.
    return this.#percent.format(Math.floor(confidence * 1000) / 1000);
  }

  #announce(text) {
    this.#part("announcement").textContent = text;
  }

  #part(role) {
    return this.#root.querySelector(`[data-role=${role}]`);
  }

  #action(name) {
    return this.#root.querySelector(`[data-action=${name}]`);
  }
}

function ranked(probabilities) {
  return probabilities.map((_, digit) => digit).sort((a, b) => probabilities[b] - probabilities[a]);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}
