// The candidates: a bar for each digit and one for "not a digit", together 100 %. Each digit's is a button that asks why.

const NO_SHARE = "–";

/** Sends "choose", with the digit in `detail`, when a visitor asks why it would be this one. */
export class Candidates extends EventTarget {
  #rows;
  #percent;

  constructor(desk, percent) {
    super();
    this.#rows = [...desk.querySelectorAll("[data-candidate]")];
    this.#percent = percent;
    for (const row of this.#rows) {
      row.addEventListener("click", () => this.dispatchEvent(new CustomEvent("choose", { detail: digitOf(row) })));
    }
  }

  /** answer: null where there is none. A blank drawing has no candidates. */
  show(answer) {
    const shares = answer && answer.reason !== "blank" ? sharesOf(answer) : null;
    for (const row of this.#rows) {
      const share = shares && (shares[row.dataset.candidate] ?? shares.none);
      row.toggleAttribute("data-best", Boolean(shares) && share === Math.max(...Object.values(shares)));
      row.querySelector(".fill").style.transform = `scaleX(${share ?? 0})`; // a width would be laid out with each move
      row.querySelector("[data-role=share]").textContent = shares ? this.#percent.format(share) : NO_SHARE;
      if (row.matches("button")) {
        row.disabled = answer?.from !== "device"; // which alone can say why
      }
    }
  }

  /** Marks the digit that is explained; null for none. */
  mark(digit) {
    for (const row of this.#rows.filter((one) => one.matches("button"))) {
      row.setAttribute("aria-pressed", String(digitOf(row) === digit));
    }
  }
}

// confidence is P(digit) · P(best | digit)
function sharesOf({ confidence, probabilities }) {
  const digit = Math.min(1, confidence / Math.max(...probabilities));
  return { ...probabilities.map((probability) => probability * digit), none: 1 - digit };
}

function digitOf(row) {
  return Number(row.dataset.candidate);
}
