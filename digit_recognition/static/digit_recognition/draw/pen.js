// Turns pointer events into gestures: a mouse, a finger or a pen draws or erases. Knows the drawing, not how it looks.

const TIP = 1; // bit of `buttons`: a mouse's left button, a finger, a pen's tip
const ERASER = 32; // bit of `buttons`: a pen's other end
const DRAWS = [0, 5]; // values of `button`: the same two
const LEAST_STROKE = 1 / 40; // of the side: a shorter gesture is discarded if the system cancels it
const MOST_PALM = 1 / 8; // of the side: a resting palm moves less
// pointerrawupdate comes as the pen moves; pointermove waits for the next frame.
const MOVED = "onpointerrawupdate" in globalThis ? "pointerrawupdate" : "pointermove";

/**
 * `width` and `reach` are shares of the canvas's side. After a pen was used, touches are ignored as a palm's. Sends
 * "refuse" when an ignored touch moves like a drawing finger.
 */
export class Pen extends EventTarget {
  /** @type {"pen" | "eraser"} */
  tool = "pen";
  width = 1 / 32; // the toolbar changes it
  reach = 1 / 20;
  #canvas;
  #drawing;
  /** @type {Gesture | null} */
  #pointer = null; // the gesture in progress
  /** @type {DOMRect | null} */
  #box = null; // the canvas's place; null when it may have moved
  #hasPen = false;
  /** @type {Pick<Gesture, "id" | "last"> | null} */
  #refused = null; // an ignored touch, which may be a finger that wants to draw

  /** @param {HTMLCanvasElement} canvas @param {Drawing} drawing */
  constructor(canvas, drawing) {
    super();
    this.#canvas = canvas;
    this.#drawing = drawing;
    /** @type {[string, (event: PointerEvent) => void][]} */
    const handlers = [
      ["pointerdown", this.#down],
      [MOVED, this.#move],
      ["pointermove", this.#check],
      ["pointerup", this.#up],
      ["pointercancel", this.#lost],
    ];
    for (const [name, handle] of handlers) {
      canvas.addEventListener(name, (event) => handle.call(this, /** @type {PointerEvent} */ (event)));
    }
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    for (const moved of ["scroll", "resize"]) {
      addEventListener(moved, () => (this.#box = null), { capture: true, passive: true });
    }
  }

  /** Lets touches draw until a pen is used again. */
  allowFingers() {
    this.#hasPen = false;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { pointerId, pointerType } = event;
    this.#hasPen ||= pointerType === "pen";
    if (pointerId === this.#pointer?.id) {
      this.#finish(); // it was lifted outside the page
    }
    if (pointerType === "pen" && this.#pointer?.type === "touch") {
      this.#pointer = null; // the palm touched before the pen
      this.#drawing.cancel();
    }
    const palm = this.#hasPen && pointerType === "touch";
    this.#refused = palm && event.isPrimary && !this.#pointer ? { id: pointerId, last: this.#place(event) } : null;
    if (this.#pointer || palm || !DRAWS.includes(event.button)) {
      return;
    }
    this.#canvas.setPointerCapture(pointerId);
    const rubs = this.tool === "eraser" || Boolean(event.buttons & ERASER);
    this.#box = null;
    const point = this.#place(event);
    this.#pointer = { id: pointerId, type: pointerType, last: point, way: 0, rubs };
    if (rubs) {
      this.#drawing.rub(point, point, this.reach);
    } else {
      this.#drawing.begin(point, { width: this.width, pressed: pointerType === "pen" });
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId === this.#pointer?.id && isDown(event)) {
      this.#follow(event, this.#pointer);
    }
  }

  // No "pointerup" comes if another mouse button is still down, or if the pen was lifted outside the page.
  /** @param {PointerEvent} event */
  #check(event) {
    if (event.pointerId === this.#refused?.id) {
      this.#watch(event, this.#refused);
    }
    if (event.pointerId === this.#pointer?.id && !isDown(event)) {
      this.#finish();
    }
  }

  /** @type {(event: PointerEvent, refused: Pick<Gesture, "last">) => void} */
  #watch(event, { last: [fromX, fromY] }) {
    const [x, y] = this.#place(event);
    if (Math.hypot(x - fromX, y - fromY) > MOST_PALM) {
      this.#refused = null;
      this.dispatchEvent(new Event("refuse"));
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId === this.#pointer?.id) {
      this.#follow(event, this.#pointer);
      this.#finish();
    }
  }

  /** @type {(event: PointerEvent, pointer: Gesture) => void} */
  #follow(event, pointer) {
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length > 0 ? events : [event]).map((moved) => this.#place(moved));
    const fresh = points.filter(([x, y], place) => {
      const [lastX, lastY] = place ? points[place - 1] : pointer.last;
      return x !== lastX || y !== lastY;
    });
    if (fresh.length === 0) {
      return;
    }
    if (pointer.rubs) {
      fresh.forEach((point, place) => {
        this.#drawing.rub(fresh[place - 1] ?? pointer.last, point, this.reach);
      });
    } else {
      this.#drawing.extend(fresh);
    }
    for (const point of fresh) {
      const { last } = pointer;
      pointer.way += Math.hypot(point[0] - last[0], point[1] - last[1]);
      pointer.last = point;
    }
  }

  #finish() {
    this.#pointer = null;
    this.#drawing.end();
  }

  // The system took the pointer, for instance to pinch-zoom. A gesture long enough to be a stroke stays.
  /** @param {PointerEvent} event */
  #lost(event) {
    if (event.pointerId !== this.#pointer?.id) {
      return;
    }
    if (this.#pointer.way < LEAST_STROKE) {
      this.#pointer = null;
      this.#drawing.cancel();
    } else {
      this.#finish();
    }
  }

  /** @type {(event: PointerEvent) => Point} */
  #place({ clientX, clientY, pressure }) {
    this.#box ??= this.#canvas.getBoundingClientRect();
    const { left, top, width } = this.#box;
    return [(clientX - left) / width, (clientY - top) / width, pressure || 0.5];
  }
}

/** @param {PointerEvent} event */
function isDown({ buttons }) {
  return Boolean(buttons & (TIP | ERASER));
}
