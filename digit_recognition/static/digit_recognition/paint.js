// The drawing as it looks: smooth lines at the display's own resolution, once a frame at most. Knows no pointers.
// The outlines are perfect-freehand's.

import { getStroke } from "./vendor/perfect-freehand/index.mjs";

const SHAPE = { smoothing: 0.5, streamline: 0.25, simulatePressure: false };
const PRESSED = 0.6; // how much a pen's pressure changes the width

export class Paint {
  #canvas;
  #drawing;
  #outlines = new WeakMap(); // stroke → Path2D, in shares of the side
  #asked = false;

  constructor(canvas, drawing) {
    this.#canvas = canvas;
    this.#drawing = drawing;
    drawing.addEventListener("change", () => this.#ask());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#ask());
    matchMedia("(forced-colors: active)").addEventListener("change", () => this.#ask());
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

  #fit() {
    const pixels = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (pixels && pixels !== this.#canvas.width) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
      this.#paint(); // at once: a canvas whose size changes is empty
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
    const context = this.#canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    context.scale(side, side);
    this.#paintPicture(context);
    context.fillStyle = getComputedStyle(this.#canvas).color;
    for (const stroke of this.#drawing.strokes) {
      context.fill(this.#outline(stroke));
    }
  }

  #paintPicture(context) {
    if (this.#drawing.picture) {
      const { shown } = this.#drawing.picture;
      const { width, height } = fitted(shown);
      context.drawImage(shown, (1 - width) / 2, (1 - height) / 2, width, height);
    }
  }

  #outline(stroke) {
    if (!this.#outlines.has(stroke)) {
      this.#outlines.set(stroke, outlineOf(stroke));
    }
    return this.#outlines.get(stroke);
  }
}

/** How wide and high a picture is in a square of side 1 that it just fits into. */
export function fitted({ width, height }) {
  const longer = Math.max(width, height);
  return { width: width / longer, height: height / longer };
}

/** A stroke's outline: a Path2D in shares of the side. */
export function outlineOf(stroke) {
  return new Path2D(svgPathOf(stroke));
}

/** The same as the path of an SVG whose side is `unit`. */
export function svgPathOf({ points, width, pressed }, unit = 1) {
  const inner = 1000; // perfect-freehand thinks in pixels
  const line = getStroke(
    points.map(([x, y, pressure]) => [x * inner, y * inner, pressure]),
    { ...SHAPE, size: width * inner, thinning: pressed ? PRESSED : 0, last: true },
  );
  const [first, ...rest] = line.map(([x, y]) => [(x / inner) * unit, (y / inner) * unit]);
  const all = [...rest, first];
  const curves = all.map(([x, y], place) => {
    const [nextX, nextY] = all[(place + 1) % all.length];
    return `Q${short(x)} ${short(y)} ${short((x + nextX) / 2)} ${short((y + nextY) / 2)}`;
  });
  return `M${short(first[0])} ${short(first[1])}${curves.join("")}Z`;
}

function short(number) {
  return Number(number.toFixed(5));
}
