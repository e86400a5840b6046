// The drawing: strokes or a picture, with its history for undo and redo. Knows no canvas, no pen and no answers. Places
// are shares of the canvas's side. Strokes are immutable. The first stroke on a picture starts a new drawing.

/** @type {State} */
const NOTHING = { strokes: [], picture: null };

/** Sends "change" when the drawing changes, and "settle" after each gesture, undo, redo, clear or new content. */
export class Drawing extends EventTarget {
  #states = [NOTHING];
  #now = 0; // index of the current state
  /** @type {State | null} */
  #unfinished = null; // the state while a gesture lasts

  get strokes() {
    return this.#shown.strokes;
  }

  /** As photo.js opens it, or null. */
  get picture() {
    return this.#shown.picture;
  }

  get empty() {
    return this.strokes.length === 0 && !this.picture;
  }

  /** True during a gesture. */
  get busy() {
    return this.#unfinished !== null;
  }

  get canUndo() {
    return this.#now > 0;
  }

  get canRedo() {
    return this.#now < this.#states.length - 1;
  }

  /**
   * Begins a stroke, which `extend` continues. A gesture may have several strokes.
   * @type {(point: Point, style: Style) => void}
   */
  begin(point, style) {
    this.#show([...this.strokes, { ...style, points: [point] }]);
  }

  /** Begins a gesture on an empty sheet. */
  replace() {
    this.#show([]);
  }

  /** Does nothing if the stroke was cancelled or cleared meanwhile. @param {Point[]} points */
  extend(points) {
    if (!this.#unfinished) {
      return;
    }
    const stroke = this.strokes[this.strokes.length - 1];
    this.#show([...this.strokes.slice(0, -1), { ...stroke, points: [...stroke.points, ...points] }]);
  }

  /**
   * Erases all ink within `reach` of the line between two places. Strokes are cut into parts.
   * @type {(from: Place, to: Place, reach: number) => void}
   */
  rub(from, to, reach) {
    const left = this.strokes.flatMap((stroke) => cutStroke(stroke, from, to, reach));
    if (left.length !== this.strokes.length || left.some((stroke, place) => stroke !== this.strokes[place])) {
      this.#show(left);
    }
  }

  /** Ends the gesture. One undo takes it back. */
  end() {
    if (this.#unfinished) {
      this.#keep(this.#unfinished);
      this.#unfinished = null;
      this.#settle();
    }
  }

  /** Discards the gesture: another finger came down, or the system took the pointer away. */
  cancel() {
    if (this.#unfinished) {
      this.#unfinished = null;
      this.#change();
      this.#settle();
    }
  }

  clear() {
    this.#unfinished = null;
    if (!this.empty) {
      this.#keep(NOTHING);
    }
    this.#change();
    this.#settle();
  }

  undo() {
    this.#go(this.#now - 1);
  }

  redo() {
    this.#go(this.#now + 1);
  }

  /**
   * Replaces the drawing by other strokes or a picture. Undo brings it back.
   * @param {Partial<State>} state
   */
  put({ strokes = [], picture = null }) {
    this.#unfinished = null;
    this.#keep({ strokes, picture });
    this.#change();
    this.#settle();
  }

  /** @param {number} place */
  #go(place) {
    if (this.#unfinished || place < 0 || place >= this.#states.length) {
      return;
    }
    this.#now = place;
    this.#change();
    this.#settle();
  }

  get #shown() {
    return this.#unfinished ?? this.#states[this.#now];
  }

  /** @param {State} state */
  #keep(state) {
    this.#states = [...this.#states.slice(0, this.#now + 1), state];
    this.#now += 1;
  }

  /** @param {Stroke[]} strokes */
  #show(strokes) {
    this.#unfinished = { strokes, picture: null };
    this.#change();
  }

  #change() {
    this.dispatchEvent(new Event("change"));
  }

  #settle() {
    this.dispatchEvent(new Event("settle"));
  }
}

// Returns the parts of a stroke that lie further than `reach` from the line. An untouched stroke is returned itself.
/** @type {(stroke: Stroke, from: Place, to: Place, reach: number) => Stroke[]} */
function cutStroke(stroke, from, to, reach) {
  const line = subdivide(stroke.points, reach / 4);
  const kept = line.map((point) => distanceToLine(point, from, to) >= reach);
  if (kept.every(Boolean)) {
    return [stroke];
  }
  /** @type {Stroke[]} */
  const parts = [];
  line.forEach((point, place) => {
    if (kept[place]) {
      if (kept[place - 1]) {
        parts[parts.length - 1].points.push(point);
      } else {
        parts.push({ ...stroke, points: [point] });
      }
    }
  });
  return parts;
}

/** Adds points, so that neighbours are at most `most` apart. @type {(points: Point[], most: number) => Point[]} */
export function subdivide(points, most) {
  return points.flatMap((point, place) => {
    const next = points[place + 1];
    const steps = next ? Math.max(1, Math.ceil(Math.hypot(next[0] - point[0], next[1] - point[1]) / most)) : 1;
    return Array.from({ length: steps }, (_, step) =>
      step === 0
        ? point
        : /** @type {Point} */ (point.map((value, axis) => value + ((next[axis] - value) * step) / steps)),
    );
  });
}

// The line ends at its two points.
/** @type {(point: Place, from: Place, to: Place) => number} */
function distanceToLine([x, y], [x0, y0], [x1, y1]) {
  const [along, down] = [x1 - x0, y1 - y0];
  const length = along * along + down * down;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * along + (y - y0) * down) / length));
  return Math.hypot(x - x0 - share * along, y - y0 - share * down);
}
