// Paints the drawing at the display's resolution, at most once a frame. Knows no pointers. The canvas is opaque: the
// browser need not blend it with the page at every move.

import { linesOf } from "./line.js";

export class Paint {
  side = 0; // of the canvas, CSS px
  #canvas;
  #drawing;
  /** @type {WeakMap<Stroke, ReturnType<typeof pathsOf>>} */
  #lines = new WeakMap();
  #context;
  /** @type {ReturnType<typeof coloursOf> | null} */
  #colours = null; // of ink and paper; null until the next paint
  #scheduled = false;

  /** @param {Canvas} canvas @param {Drawing} drawing */
  constructor(canvas, drawing) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#drawing = drawing;
    drawing.addEventListener("change", () => this.#schedule());
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.#recolour());
    }
    canvas.addEventListener("contextrestored", () => this.#paint());
    new ResizeObserver(() => this.#fit()).observe(canvas);
    this.#followResolution();
    this.#fit();
  }

  #followResolution() {
    const current = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const refit = () => {
      this.#fit();
      this.#followResolution();
    };
    current.addEventListener("change", refit, { once: true });
  }

  #recolour() {
    this.#colours = null;
    this.#paint(); // at once: printing does not wait for a frame
  }

  #fit() {
    this.side = this.#canvas.clientWidth;
    const pixels = Math.round(this.side * devicePixelRatio);
    // The default size of a canvas is 300 × 150.
    if (pixels && (pixels !== this.#canvas.width || pixels !== this.#canvas.height)) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
      this.#paint(); // at once: a resized canvas is black
    }
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => this.#paint());
    }
  }

  #paint() {
    this.#scheduled = false;
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
  const { color, backgroundColor } = getComputedStyle(element); // live: copy its values
  return { ink: color, paper: backgroundColor };
}

/**
 * Paints it as large as fits, in the middle of a square of side 1.
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

/** Paints a stroke on a square of side 1. @type {(context: Context, stroke: Stroke, ink: string) => void} */
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
