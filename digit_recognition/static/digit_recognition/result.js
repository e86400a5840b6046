// Shows what came of a drawing, in one of five states: empty, waiting, answered, declined, failed.
// The words are the page's own, from its data-text attributes.

const NO_DIGIT = "–";

export class Result {
  #root;
  #texts;
  #percent;

  constructor(desk) {
    this.#root = desk;
    this.#texts = desk.dataset;
    const format = { style: "percent", maximumFractionDigits: 1 };
    this.#percent = new Intl.NumberFormat(document.documentElement.lang, format);
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

  /** settled: whether the pen has lifted; what changes with every move is not announced. */
  showAnswer(answer, settled = true) {
    this.#showEvidence(answer);
    if (answer.digit === null) {
      this.#decline(answer, settled);
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

  #decline({ reason, probabilities, from }, settled) {
    const [first, second] = ranked(probabilities);
    const texts = {
      blank: this.#texts.textBlank,
      "not a digit": this.#texts.textNotADigit,
      unsure: fill(this.#texts.textUnsure, { first, second }),
    };
    const glyph = reason === "unsure" ? fill(this.#texts.textTwo, { first, second }) : "?";
    const words = { glyph, headline: this.#texts.textNotSure, detail: texts[reason], source: from };
    this.#say("declined", words);
    this.#announce(settled ? `${words.headline}. ${words.detail}` : "");
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
    this.#part("announcement").textContent = "";
  }

  #showEvidence(answer) {
    const image = this.#part("seen");
    image.hidden = !answer?.seen;
    if (answer?.seen) {
      image.src = answer.seen;
    }
    const best = answer && answer.reason !== "blank" ? ranked(answer.probabilities)[0] : null;
    for (const row of this.#root.querySelectorAll("[data-candidate]")) {
      const digit = Number(row.dataset.candidate);
      this.#showCandidate(row, answer?.probabilities[digit], digit === best);
    }
  }

  #showCandidate(row, probability, best) {
    row.toggleAttribute("data-best", best);
    row.querySelector("rect").setAttribute("width", `${(probability ?? 0) * 100}%`);
    row.querySelector("[data-role=share]").textContent =
      probability === undefined ? NO_DIGIT : this.#percent.format(probability);
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
