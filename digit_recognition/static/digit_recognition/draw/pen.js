// Pointers → gestures: a mouse, a finger or a pen draws or rubs out. Knows the drawing, and nothing of how it looks.

const TIP = 1; // of `buttons`: a mouse's left button, a finger, a pen's tip
const ERASER = 32; // a pen's other end
const DRAWS = [0, 5]; // the same two, of `button`
const A_TOUCH = 1 / 40; // of the side: what the system takes away before it moved further was no stroke
const A_STROKE = 1 / 8; // of the side: a palm that rests moves less
// Sent as the pen moves, not held back to the next frame.
const MOVED = "onpointerrawupdate" in globalThis ? "pointerrawupdate" : "pointermove";

/**
 * `tool` is "pen" or "eraser"; `width` and `reach` are shares of the canvas's side. Once a pen is seen, touches are taken
 * for a palm's; sends "refuse" when one of them moves as a finger that draws.
 */
export class Pen extends EventTarget {
  /** @type {"pen" | "eraser"} */
  tool = "pen";
  width = 1 / 32; // the page's tools change it
  reach = 1 / 20;
  #canvas;
  #drawing;
  /** @type {Gesture | null} */
  #pointer = null; // under way
  /** @type {DOMRect | null} */
  #box = null; // where the canvas is, until something may have moved it
  #hasPen = false;
  /** @type {Pick<Gesture, "id" | "last"> | null} */
  #refused = null; // a finger that may want to draw

  /** @param {HTMLCanvasElement} canvas @param {Drawing} drawing */
  constructor(canvas, drawing) {
    super();
    this.#canvas = canvas;
    this.#drawing = drawing;
    /** @type {[string, (event: PointerEvent) => void][]} */
    const heard = [
      ["pointerdown", this.#down],
      [MOVED, this.#move],
      ["pointermove", this.#check],
      ["pointerup", this.#up],
      ["pointercancel", this.#lost],
    ];
    for (const [name, hear] of heard) {
      canvas.addEventListener(name, (event) => hear.call(this, /** @type {PointerEvent} */ (event)));
    }
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    for (const moved of ["scroll", "resize"]) {
      addEventListener(moved, () => (this.#box = null), { capture: true, passive: true });
    }
  }

  /** Until the next pen. */
  takeFingers() {
    this.#hasPen = false;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { pointerId, pointerType } = event;
    this.#hasPen ||= pointerType === "pen";
    if (pointerId === this.#pointer?.id) {
      this.#finish(); // it lifted where nobody saw it
    }
    if (pointerType === "pen" && this.#pointer?.type === "touch") {
      this.#pointer = null; // the palm came first
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

  // Another button of the mouse is still down, or it lifted where nobody saw it.
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
    if (Math.hypot(x - fromX, y - fromY) > A_STROKE) {
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
    const points = (events.length > 0 ? events : [event]).map((one) => this.#place(one));
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

  // A second finger that pinches, or the system: what is more than a touch stays.
  /** @param {PointerEvent} event */
  #lost(event) {
    if (event.pointerId !== this.#pointer?.id) {
      return;
    }
    if (this.#pointer.way < A_TOUCH) {
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
