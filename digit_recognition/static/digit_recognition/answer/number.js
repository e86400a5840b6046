// The characters of a number: a row of buttons, of which one is chosen, as in a radio group. Knows no answers.

/** @type {Record<string, (at: number, last: number) => number>} */
const MOVES = {
  ArrowLeft: (at) => at - 1,
  ArrowUp: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** Sends "choose", with the index in `detail`, when a visitor picks a character. */
export class NumberRow extends EventTarget {
  #row;
  /** @type {Key[]} */
  #keys = [];
  #count = 0;

  /** @param {HTMLElement} row */
  constructor(row) {
    super();
    this.#row = row;
    row.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Shows no row for no characters. @param {Letter[]} letters */
  show(letters) {
    while (this.#keys.length < letters.length) {
      this.#add(this.#keys.length);
    }
    if (letters.length === 0 && this.#row.contains(document.activeElement)) {
      this.#row.closest("[data-role=desk]")?.querySelector("[data-role=canvas]").focus();
    }
    this.#count = letters.length;
    this.#row.hidden = letters.length === 0;
    this.#row.dataset.length = sizeOf(letters.length);
    this.#keys.forEach((key, at) => {
      key.show(letters[at]);
    });
  }

  /** @param {number} at */
  #add(at) {
    const key = new Key(() => this.#choose(at));
    this.#keys.push(key);
    this.#row.append(key.button);
  }

  /** @param {number} at */
  #choose(at) {
    this.dispatchEvent(new CustomEvent("choose", { detail: at }));
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const at = this.#keys.findIndex(({ button }) => button === document.activeElement);
    const next = (move(at, this.#count - 1) + this.#count) % this.#count;
    this.#choose(next);
    this.#keys[next].button.focus();
  }
}

// Writes only what changed: every write costs a layout.
class Key {
  button = document.createElement("button");
  /** @type {Partial<Letter>} */
  #shown = {};

  /** @param {() => void} choose */
  constructor(choose) {
    Object.assign(this.button, { type: "button", hidden: true });
    this.button.setAttribute("role", "radio");
    this.button.addEventListener("click", choose);
  }

  /** @param {Letter | undefined} letter */
  show(letter) {
    this.button.hidden = !letter;
    if (!letter) {
      return;
    }
    const { text, name, unsure, chosen } = letter;
    if (text !== this.#shown.text) {
      this.button.textContent = text;
    }
    if (name !== this.#shown.name) {
      this.button.setAttribute("aria-label", name);
    }
    if (unsure !== this.#shown.unsure) {
      this.button.toggleAttribute("data-unsure", unsure);
    }
    if (chosen !== this.#shown.chosen) {
      this.button.setAttribute("aria-checked", String(chosen));
      this.button.tabIndex = chosen ? 0 : -1;
    }
    this.#shown = letter;
  }
}

/** @param {number} length */
function sizeOf(length) {
  if (length > 10) {
    return "long";
  }
  return length > 6 ? "middle" : "short";
}
