// Faint brackets on the drawing, around each character of a number. Knows boxes, not what they hold.

const SVG = "http://www.w3.org/2000/svg";
const AROUND = 0.02; // of the sheet's side, between a character's lines and its brackets
const FOOT = 0.015; // length of a bracket's feet

export class Brackets {
  #svg;

  /** @param {SVGElement} svg of the sheet's size, 1 × 1 */
  constructor(svg) {
    this.#svg = svg;
  }

  /** One character has no brackets. @type {(answer: Answer, sheet: Sheet) => void} */
  show({ digits }, { left, top, side }) {
    const shown = digits.length > 1 ? digits : [];
    this.#svg.replaceChildren(
      ...shown.map(({ box }) => {
        const [x0, y0, x1, y1] = box.map((edge, index) => (edge - (index % 2 ? top : left)) / side);
        return makePath(pathOf([x0 - AROUND, y0 - AROUND, x1 + AROUND, y1 + AROUND]));
      }),
    );
  }

  /** Makes one pair darker; null: none. @param {number | null} at */
  mark(at) {
    Array.from(this.#svg.children).forEach((path, index) => {
      path.toggleAttribute("data-chosen", index === at);
    });
  }

  clear() {
    this.#svg.replaceChildren();
  }
}

/** @param {Box} box */
function pathOf([left, top, right, bottom]) {
  const [x0, y0, x1, y1] = [left, top, right, bottom].map((edge) => edge.toFixed(4));
  const [start, end] = [(left + FOOT).toFixed(4), (right - FOOT).toFixed(4)];
  return `M${start} ${y0}H${x0}V${y1}H${start}M${end} ${y0}H${x1}V${y1}H${end}`;
}

/** @param {string} shape */
function makePath(shape) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shape);
  return path;
}
