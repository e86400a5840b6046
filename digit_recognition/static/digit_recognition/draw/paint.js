// The drawing as it looks: smooth lines at the display's own resolution, once a frame at most. Knows no pointers.
// The canvas is opaque, so that it need not be blended with the page at every move.

import { linesOf } from "./line.js";

export class Paint {
  side = 0; // of the canvas, CSS px
  #canvas;
  #drawing;
  /** @type {WeakMap<Stroke, ReturnType<typeof pathsOf>>} */
  #lines = new WeakMap();
  #context;
  /** @type {ReturnType<typeof coloursOf> | null} */
  #colours = null; // of ink and paper, once they have been asked for
  #asked = false;

  /** @param {Canvas} canvas @param {Drawing} drawing */
  constructor(canvas, drawing) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#drawing = drawing;
    drawing.addEventListener("change", () => this.#ask());
    for (const looks of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(looks).addEventListener("change", () => this.#recolour());
    }
    canvas.addEventListener("contextrestored", () => this.#paint());
    new ResizeObserver(() => this.#fit()).observe(canvas);
    this.#followResolution();
    this.#fit();
  }

  #followResolution() {
    const here = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const moved = () => {
      this.#fit();
      this.#followResolution();
    };
    here.addEventListener("change", moved, { once: true });
  }

  #recolour() {
    this.#colours = null;
    this.#paint(); // at once: what is printed does not wait for a frame
  }

  #fit() {
    this.side = this.#canvas.clientWidth;
    const pixels = Math.round(this.side * devicePixelRatio);
    // By itself a canvas is 300 × 150.
    if (pixels && (pixels !== this.#canvas.width || pixels !== this.#canvas.height)) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
      this.#paint(); // at once: a canvas whose size changes is black
    }
  }

  #ask() {
    if (!this.#asked) {
      this.#asked = true;
      requestAnimationFrame(() => this.#paint());
    }
  }

  #paint() {
    this.#asked = false;
    const side = this.#canvas.width;
    const context = this.#context;
    this.#colours ??= coloursOf(this.#canvas);
    const { ink, paper } = this.#colours;
    context.setTransform(side, 0, 0, side, 0, 0);
    context.fillStyle = paper;
    context.fillRect(0, 0, 1, 1);
    this.#paintPicture(context);
    for (const stroke of this.#drawing.strokes) {
      let lines = this.#lines.get(stroke);
      if (!lines) {
        lines = pathsOf(stroke);
        this.#lines.set(stroke, lines);
      }
      paintLines(context, lines, ink);
    }
  }

  /** @param {Context} context */
  #paintPicture(context) {
    if (this.#drawing.picture) {
      paintPicture(context, this.#drawing.picture);
    }
  }
}

/** @param {Element} element */
function coloursOf(element) {
  const { color, backgroundColor } = getComputedStyle(element); // which is live
  return { ink: color, paper: backgroundColor };
}

/**
 * In the middle of a square of side 1 that it just fits into.
 * @type {(context: Context, picture: Picture) => void}
 */
export function paintPicture(context, { shown, paper }) {
  const longer = Math.max(shown.width, shown.height);
  const [width, height] = [shown.width / longer, shown.height / longer];
  /** @type {[number, number, number, number]} */
  const place = [(1 - width) / 2, (1 - height) / 2, width, height];
  context.fillStyle = paper;
  context.fillRect(...place);
  context.drawImage(shown, ...place);
}

/** A stroke, in shares of the side. @type {(context: Context, stroke: Stroke, ink: string) => void} */
export function paintStroke(context, stroke, ink) {
  paintLines(context, pathsOf(stroke), ink);
}

/** @param {Stroke} stroke */
function pathsOf(stroke) {
  return linesOf(stroke).map(({ width, path }) => ({ width, path: new Path2D(path) }));
}

/** @type {(context: Context, lines: ReturnType<typeof pathsOf>, ink: string) => void} */
function paintLines(context, lines, ink) {
  Object.assign(context, { strokeStyle: ink, lineCap: "round", lineJoin: "round" });
  for (const { width, path } of lines) {
    context.lineWidth = width;
    context.stroke(path);
  }
}
