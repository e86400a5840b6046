// The drawing as it looks: smooth lines at the display's own resolution, once a frame at most. Knows no pointers.
// The outlines are perfect-freehand's. The canvas is opaque, so that it need not be blended with the page at every move.

import { getStroke } from "./vendor/perfect-freehand/index.mjs";

const SHAPE = { smoothing: 0.5, streamline: 0.25, simulatePressure: false };
const PRESSED = 0.6; // how much a pen's pressure changes the width

export class Paint {
  side; // of the canvas, CSS px
  #canvas;
  #drawing;
  #outlines = new WeakMap(); // stroke → Path2D, in shares of the side
  #context;
  #colours = null; // of ink and paper, once they have been asked for
  #asked = false;

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
    const { ink, paper } = (this.#colours ??= coloursOf(this.#canvas));
    context.setTransform(side, 0, 0, side, 0, 0);
    context.fillStyle = paper;
    context.fillRect(0, 0, 1, 1);
    this.#paintPicture(context);
    context.fillStyle = ink;
    for (const stroke of this.#drawing.strokes) {
      context.fill(this.#outline(stroke));
    }
  }

  #paintPicture(context) {
    if (this.#drawing.picture) {
      paintPicture(context, this.#drawing.picture);
    }
  }

  #outline(stroke) {
    if (!this.#outlines.has(stroke)) {
      this.#outlines.set(stroke, outlineOf(stroke));
    }
    return this.#outlines.get(stroke);
  }
}

function coloursOf(element) {
  const { color, backgroundColor } = getComputedStyle(element); // which is live
  return { ink: color, paper: backgroundColor };
}

/** In the middle of a square of side 1 that it just fits into. */
export function paintPicture(context, { shown, paper }) {
  const longer = Math.max(shown.width, shown.height);
  const [width, height] = [shown.width / longer, shown.height / longer];
  const place = [(1 - width) / 2, (1 - height) / 2, width, height];
  context.fillStyle = paper;
  context.fillRect(...place);
  context.drawImage(shown, ...place);
}

/** A stroke's outline: a Path2D in shares of the side. */
export function outlineOf(stroke) {
  const path = new Path2D();
  const { start, curves } = curvesOf(stroke, 1);
  path.moveTo(...start);
  curves.forEach((curve) => path.quadraticCurveTo(...curve));
  path.closePath();
  return path;
}

/** The same as the path of an SVG whose side is `unit`. */
export function svgPathOf(stroke, unit) {
  const { start, curves } = curvesOf(stroke, unit);
  const written = curves.map(([x, y, toX, toY]) => `Q${short(x)} ${short(y)} ${short(toX)} ${short(toY)}`);
  return `M${start.map(short).join(" ")}${written.join("")}Z`;
}

// Around the outline, from the middle of one of its sides to that of the next.
function curvesOf({ points, width, pressed }, unit) {
  const inner = 1000; // perfect-freehand thinks in pixels
  const line = getStroke(
    points.map(([x, y, pressure]) => [x * inner, y * inner, pressure]),
    { ...SHAPE, size: width * inner, thinning: pressed ? PRESSED : 0, last: true },
  );
  const around = line.map(([x, y]) => [(x / inner) * unit, (y / inner) * unit]);
  const curves = around.map(([x, y], place) => {
    const [nextX, nextY] = around[(place + 1) % around.length];
    return [x, y, (x + nextX) / 2, (y + nextY) / 2];
  });
  return { start: curves.at(-1).slice(2), curves };
}

function short(number) {
  return Number(number.toFixed(5));
}
