// The gallery of example drawings. A click draws the example on the sheet, stroke by stroke.

import { subdivide } from "./drawing.js";

const POINT_MS = 14; // about a hand's speed
const BETWEEN_STROKES_MS = 180;
const STRIDE = 0.03; // of the side: long straight lines grow step by step, too
const PRESSURE = 0.5;

/**
 * Each example is a button. Its SVG polylines are the strokes, in a square of 100. `finish` draws the rest at once.
 * @type {(desk: Desk, drawing: Drawing, pen: Pen, listeners: {onStart: () => void}) => {finish: () => void}}
 */
export function followGallery(desk, drawing, pen, { onStart }) {
  let finish = () => {};
  // A visitor who starts to draw gets the rest at once and continues from there.
  for (const interruption of ["pointerdown", "keydown"]) {
    addEventListener(interruption, (event) => ("repeat" in event && event.repeat) || finish(), { capture: true });
  }
  for (const button of desk.querySelectorAll("[data-example]")) {
    // Holding Enter down would restart the example, with an undo step, many times a second.
    button.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    button.addEventListener("click", () => {
      finish();
      onStart();
      const strokes = strokesOf(button, pen.width);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
        drawing.put({ strokes });
      } else {
        finish = draw(drawing, strokes, () => (finish = () => {}));
      }
    });
  }
  return { finish: () => finish() };
}

// Returns a function that draws the rest at once. Any other change of the drawing stops the animation.
/** @type {(drawing: Drawing, strokes: Stroke[], done: () => void) => () => void} */
function draw(drawing, strokes, done) {
  const steps = stepsOf(drawing, strokes);
  let timer = 0;
  let drawn = drawing.strokes;
  const step = () => {
    if (drawing.strokes !== drawn) {
      done();
      return;
    }
    const { value: waitMs, done: over } = steps.next();
    drawn = drawing.strokes;
    if (over) {
      done();
    } else {
      timer = setTimeout(step, waitMs);
    }
  };
  drawing.replace();
  drawn = drawing.strokes;
  step();
  return () => {
    clearTimeout(timer);
    if (drawing.strokes === drawn) {
      drawing.put({ strokes });
    }
    done();
  };
}

// The example is one gesture: only its final answer is announced, and one undo takes it back. Yields waits in ms.
/** @type {(drawing: Drawing, strokes: Stroke[]) => Generator<number, void>} */
function* stepsOf(drawing, strokes) {
  for (const { points, ...style } of strokes) {
    const [first, ...rest] = subdivide(points, STRIDE);
    drawing.begin(first, style);
    for (const point of rest) {
      yield POINT_MS;
      drawing.extend([point]);
    }
    yield BETWEEN_STROKES_MS;
  }
  drawing.end();
}

/** @type {(button: Element, width: number) => Stroke[]} */
function strokesOf(button, width) {
  return [...button.querySelectorAll("polyline")].map(({ points }) => ({
    points: Array.from(points, ({ x, y }) => /** @type {Point} */ ([x / 100, y / 100, PRESSURE])),
    width,
    pressed: false,
  }));
}
