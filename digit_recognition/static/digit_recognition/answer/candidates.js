// The candidates: a bar for each digit and one for "not a digit", together 100%. Each digit is a button that
// requests its explanation.

import { digitProbability } from "./probability.js";

const NO_SHARE = "–";
const TINY = 1e-9; // of a thousandth; added before rounding down, or a share of 0.2999… instead of 0.3 would read as 29.9%

/** Sends "choose", with the digit in `detail`, when a visitor picks a digit to explain. */
export class Candidates extends EventTarget {
  #rows;
  #percent;
  #rejects;

  /** @param {Desk} desk @param {Intl.NumberFormat} percent */
  constructor(desk, percent) {
    super();
    this.#rows = [...desk.querySelectorAll("[data-candidate]")].map((row) => new Row(row));
    this.#percent = percent;
    this.#rejects = desk.dataset.rejects !== "false";
    for (const { button, name } of this.#rows) {
      button?.addEventListener("click", () => this.dispatchEvent(new CustomEvent("choose", { detail: Number(name) })));
    }
  }

  /**
   * Shows none for null, and for a sign or point. from: who answered.
   * @type {(digit: Character | null, from?: From) => void}
   */
  show(digit, from) {
    const shares = digit && sharesOf(digit, this.#rejects);
    const most = shares && Math.max(...Object.values(shares));
    const asks = shares !== null && from === "device"; // the server cannot explain
    for (const row of this.#rows) {
      const share = shares ? shares[row.name] : 0;
      const best = shares !== null && share === most;
      const text = shares ? this.#percent.format(best ? roundDown(share) : share) : NO_SHARE;
      row.show({ share, text, best, asks });
    }
  }

  /** Marks the digit that is explained; null marks no digit. @param {number | null} digit */
  mark(digit) {
    for (const row of this.#rows) {
      row.mark(row.name === String(digit));
    }
  }
}

// Writes only what changed: every write costs a layout, and most shares stay the same while the pen moves.
class Row {
  name;
  button; // undefined for "not a digit"
  #element;
  #fill;
  #share;
  /** @type {Partial<Bar>} */
  #shown = {};

  /** @param {Others["[data-candidate]"]} element */
  constructor(element) {
    this.name = element.dataset.candidate;
    this.button = element instanceof HTMLButtonElement ? element : undefined;
    this.#element = element;
    this.#fill = element.querySelector(".fill");
    this.#share = element.querySelector("[data-role=share]");
  }

  /** @param {Omit<Bar, "marked">} bar */
  show({ share, text, best, asks }) {
    if (text !== this.#shown.text) {
      this.#share.textContent = text;
      this.#fill.style.transform = `scaleX(${share})`; // a width would cost a layout
    }
    if (best !== this.#shown.best) {
      this.#element.toggleAttribute("data-best", best);
    }
    if (this.button && asks !== this.#shown.asks) {
      this.button.disabled = !asks;
    }
    Object.assign(this.#shown, { text, best, asks });
  }

  /** @param {boolean} marked */
  mark(marked) {
    if (this.button && marked !== this.#shown.marked) {
      this.button.setAttribute("aria-pressed", String(marked));
    }
    this.#shown.marked = marked;
  }
}

/** Rounds down to a thousandth: 99.97% must not become 100%. @param {number} share */
export function roundDown(share) {
  return Math.floor(share * 1000 + TINY) / 1000;
}

// A model without a class for "not a digit" shares all among the digits: the best one has its confidence, which is
// calibrated, and the others have the rest.
/** @type {(digit: Character, rejects: boolean) => Record<string, number> | null} */
function sharesOf({ confidence, probabilities }, rejects) {
  if (confidence === null || probabilities === null) {
    return null;
  }
  const most = Math.max(...probabilities);
  if (!rejects) {
    const best = probabilities.indexOf(most);
    const rest = most < 1 ? (1 - confidence) / (1 - most) : 0;
    return Object.fromEntries([
      ["none", 0],
      ...probabilities.map((probability, name) => [name, name === best ? confidence : probability * rest]),
    ]);
  }
  const digit = digitProbability(confidence, most);
  /** @type {Record<string, number>} */
  const shares = { none: 1 - digit };
  probabilities.forEach((probability, name) => {
    shares[name] = probability * digit;
  });
  return shares;
}
