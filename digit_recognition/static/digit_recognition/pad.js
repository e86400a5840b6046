// The drawing itself: strokes in CSS px, and their picture on the canvas. Knows no answers and no server.
// Capture and smoothing are signature_pad's; size, display resolution and colour are handled here.

import SignaturePad from "./vendor/signature_pad/signature_pad.min.js";

// Shares of the canvas's side: one pen looks the same on a phone and on a desktop. signature_pad's widths are radii.
const THICKEST = 1 / 60;
const THINNEST = 1 / 68;

/** Sends "begin" when a stroke begins and "end" when it ends; a stroke that the system cancels ends, too. */
export class Pad extends EventTarget {
  #canvas;
  #ink;
  #side = 0;
  #drawing = false;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    // Every point counts for the answer: none is held back, none but a repeated one is left out.
    this.#ink = new SignaturePad(canvas, { throttle: 0, minDistance: 1 });
    this.#ink.addEventListener("beginStroke", () => this.#turn(true));
    this.#ink.addEventListener("endStroke", () => this.#turn(false));
    this.#followSize();
    this.#followColour();
  }

  get empty() {
    return this.#ink.toData().length === 0;
  }

  /** {strokes: [[[x, y], ...], ...], size: [w, h]}, CSS px from the canvas's corner. */
  get drawing() {
    const strokes = this.#ink.toData().map(({ points }) => points.map(({ x, y }) => [x, y]));
    return { strokes, size: [this.#side, this.#side] };
  }

  clear() {
    this.#release();
    this.#ink.clear();
  }

  #turn(drawing) {
    this.#drawing = drawing;
    this.dispatchEvent(new Event(drawing ? "begin" : "end"));
  }

  // signature_pad would lose hold of a stroke under way when its data is replaced, and never begin another.
  #release() {
    const drawing = this.#drawing;
    this.#drawing = false;
    if (drawing) {
      this.#ink.off();
      this.#ink.on();
    }
    return drawing;
  }

  #followSize() {
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
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

  #fit() {
    const side = this.#canvas.clientWidth;
    const pixels = Math.round(side * devicePixelRatio);
    if (side === 0 || (side === this.#side && pixels === this.#canvas.width)) {
      return;
    }
    const cut = this.#release();
    this.#scale(this.#side ? side / this.#side : 1);
    this.#side = side;
    this.#canvas.width = pixels;
    this.#canvas.height = pixels;
    this.#canvas.getContext("2d").scale(pixels / side, pixels / side);
    this.#restyle();
    if (cut) {
      this.#turn(false);
    }
  }

  #scale(factor) {
    for (const stroke of this.#ink.toData()) {
      for (const point of stroke.points) {
        point.x *= factor;
        point.y *= factor;
      }
    }
  }

  #followColour() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      const cut = this.#release();
      this.#restyle();
      if (cut) {
        this.#turn(false);
      }
    });
  }

  #restyle() {
    const style = {
      penColor: getComputedStyle(this.#canvas).color,
      minWidth: this.#side * THINNEST,
      maxWidth: this.#side * THICKEST,
    };
    Object.assign(this.#ink, style);
    this.#ink.toData().forEach((stroke) => Object.assign(stroke, style));
    this.#ink.redraw();
  }
}
