// The gallery: drawings to try, which the page shows small. A click draws one anew, stroke by stroke.

import { dense } from "./drawing.js";

const POINT_MS = 14; // about as a hand draws
const BETWEEN_STROKES_MS = 180;
const STRIDE = 0.03; // of the side: straight lines too are drawn, and do not jump
const PRESSURE = 0.5;

/**
 * Each example is a button whose SVG polylines are its strokes, in a square of 100. Calls back once one is chosen.
 * → {finish()}: draws the rest at once.
 * @type {(desk: Desk, drawing: Drawing, pen: Pen, heard: {begun: () => void}) => {finish: () => void}}
 */
export function followGallery(desk, drawing, pen, { begun }) {
  let finish = () => {};
  // Whoever takes the pen while it draws has the rest at once, and goes on from there.
  for (const interruption of ["pointerdown", "keydown"]) {
    addEventListener(interruption, (event) => ("repeat" in event && event.repeat) || finish(), { capture: true });
  }
  for (const button of desk.querySelectorAll("[data-example]")) {
    // Enter, held down, would draw it anew, and make a step to undo, many times a second.
    button.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    button.addEventListener("click", () => {
      finish();
      begun();
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

// Returns what draws the rest at once. Whatever else changes the drawing meanwhile ends it.
/** @type {(drawing: Drawing, strokes: Stroke[], done: () => void) => () => void} */
function draw(drawing, strokes, done) {
  const steps = stepsOf(drawing, strokes);
  let timer = 0;
  let drawn = drawing.strokes;
  const go = () => {
    if (drawing.strokes !== drawn) {
      done();
      return;
    }
    const { value: wait_ms, done: over } = steps.next();
    drawn = drawing.strokes;
    if (over) {
      done();
    } else {
      timer = setTimeout(go, wait_ms);
    }
  };
  drawing.replace();
  drawn = drawing.strokes;
  go();
  return () => {
    clearTimeout(timer);
    if (drawing.strokes === drawn) {
      drawing.put({ strokes });
    }
    done();
  };
}

// All of it is one gesture: half of a digit is not announced as what was drawn, and one step undoes the whole.
/** @type {(drawing: Drawing, strokes: Stroke[]) => Generator<number, void>} */
function* stepsOf(drawing, strokes) {
  for (const { points, ...style } of strokes) {
    const [first, ...rest] = dense(points, STRIDE);
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
