// "Why?": marks on the drawing the ink that supports a digit (discs) and the ink that counts against it (rings). Larger
// marks count more; colour has no meaning. Knows no network, only that the device alone can explain.

const SVG = "http://www.w3.org/2000/svg";
const MOST = 0.62; // radius of the strongest mark, in sides of its square
const LEAST = 0.05; // of the strongest: weaker marks are left out

/**
 * While the button is pressed, explains each answer: its best digit, or the chosen candidate. Sends "ask" when the
 * device has to answer again what the server answered.
 */
export class Why extends EventTarget {
  #root;
  #candidates;
  #device;
  #say;
  #tells = false; // true if screen readers hear the legend
  #wanted = false;
  /** @type {number | null} */
  #chosen = null;
  /** @type {Shown | null} */
  #answer = null; // the character in view
  /** @type {Question | undefined} */
  #asked; // the answer's question
  /** @type {Square[] | null} */
  #squares = null; // the explanation, when it has come
  #stop = new AbortController();

  /**
   * @param {Desk} desk @param {Candidates} candidates @param {Device} device @param {Say} say
   */
  constructor(desk, candidates, device, say) {
    super();
    this.#root = desk;
    this.#candidates = candidates;
    this.#device = device;
    this.#say = say;
    this.#button.addEventListener("click", () => this.#want(!this.#wanted, null));
    candidates.addEventListener("choose", (event) => {
      const { detail: digit } = /** @type {CustomEvent<number>} */ (event);
      this.#want(digit !== this.#digit, digit);
    });
    device.addEventListener("change", () => this.#update());
  }

  /**
   * Shows nothing for null, which has no question. answer: the character in view.
   * @type {(answer: Shown | null, asked?: Question) => void}
   */
  follow(answer, asked) {
    this.#stop.abort();
    this.#chosen = answer?.at === this.#answer?.at ? this.#chosen : null;
    this.#tells &&= answer === null || Boolean(asked?.again);
    this.#answer = answer;
    this.#asked = asked;
    this.#squares = null;
    this.#update();
  }

  /** @type {(wanted: boolean, digit: number | null) => void} */
  #want(wanted, digit) {
    this.#wanted = wanted;
    this.#chosen = wanted ? digit : null;
    this.#tells = wanted;
    if (this.#needsDevice) {
      this.#device.start();
    }
    this.#update();
  }

  // True if the server answered: it cannot explain.
  get #needsDevice() {
    return this.#wanted && this.#answer?.from === "server";
  }

  // The digit to explain, or null.
  get #digit() {
    return this.#wanted && this.#answer && !this.#needsDevice ? (this.#chosen ?? bestOf(this.#answer)) : null;
  }

  #update() {
    if (this.#needsDevice && this.#device.ready && !this.#asked?.again) {
      this.dispatchEvent(new Event("ask"));
    }
    if (this.#digit !== null && this.#squares === null && this.#asked?.settled) {
      this.#ask(this.#asked, /** @type {Shown} */ (this.#answer).at);
    }
    this.#show();
  }

  /** @type {(asked: Question, at: number) => Promise<void>} */
  async #ask(asked, at) {
    this.#stop.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const squares = await this.#device.explain(asked, at, stop.signal).catch(() => null);
    if (!stop.signal.aborted) {
      this.#squares = squares;
      this.#show();
    }
  }

  #show() {
    const digit = this.#digit;
    const [squares, asked] = [this.#squares, this.#asked];
    const shown = digit !== null && squares !== null && asked !== undefined;
    this.#button.disabled = !this.#answer && !this.#wanted; // while pressed, it may have the focus
    this.#button.setAttribute("aria-pressed", String(this.#wanted));
    this.#candidates.mark(digit);
    this.#root.toggleAttribute("data-explained", shown);
    this.#write(shown ? this.#texts.textWhy.replace("{digit}", String(digit)) : this.#whyNot);
    this.#part("why").replaceChildren(...(shown ? marksOf(digit, squares, asked.sheet) : []));
  }

  /** @param {string} text */
  #write(text) {
    const legend = this.#part("legend");
    if (this.#tells && text !== "" && text !== legend.textContent) {
      this.#say(text);
    }
    legend.textContent = text;
    legend.hidden = text === "";
  }

  // Empty if the device can explain.
  get #whyNot() {
    if (!this.#needsDevice) {
      return "";
    }
    return this.#device.state === "starting" ? this.#texts.textWhyLoading : this.#texts.textWhyNot;
  }

  get #texts() {
    return this.#root.dataset;
  }

  get #button() {
    return this.#root.querySelector("[data-action=why]");
  }

  /** @type {FindRole} */
  #part(role) {
    return this.#root.querySelector(`[data-role=${role}]`);
  }
}

/** @param {Shown} answer */
function bestOf({ probabilities }) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** @type {(digit: number, squares: Square[], sheet: Sheet) => SVGElement[]} */
function marksOf(digit, squares, sheet) {
  const most = Math.max(...squares.map(({ gains }) => Math.abs(gains[digit])));
  return squares.flatMap(({ x, y, side, gains }) => {
    const share = Math.abs(gains[digit]) / most;
    const cx = (x - sheet.left) / sheet.side;
    const cy = (y - sheet.top) / sheet.side;
    const r = (MOST * side * Math.sqrt(share)) / sheet.side;
    return share < LEAST ? [] : [makeCircle({ cx, cy, r }, gains[digit] > 0 ? "for" : "against")];
  });
}

/** @type {(shape: Record<string, number>, name: string) => SVGElement} */
function makeCircle(shape, name) {
  const mark = document.createElementNS(SVG, "circle");
  mark.setAttribute("class", name);
  for (const [attribute, value] of Object.entries(shape)) {
    mark.setAttribute(attribute, value.toFixed(4));
  }
  return mark;
}
