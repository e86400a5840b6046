// The drawing: strokes or a picture, and every state that it was in, for undo and redo. Knows no canvas, no pen and no
// answers. Places are shares of the canvas's side, so that its size does not matter. Strokes are never changed, only
// replaced; a stroke on a picture begins a new drawing.

/** @type {State} */
const NOTHING = { strokes: [], picture: null };

/** Sends "change" whenever the strokes change, and "settle" when a gesture is over or a state was gone back to. */
export class Drawing extends EventTarget {
  #states = [NOTHING];
  #now = 0;
  /** @type {State | null} */
  #under = null; // the state that a gesture which is not over has made

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

  /** Whether a gesture is not over. */
  get busy() {
    return this.#under !== null;
  }

  get canUndo() {
    return this.#now > 0;
  }

  get canRedo() {
    return this.#now < this.#states.length - 1;
  }

  /**
   * Begins a stroke at a point; `extend` goes on with it. Several may be one gesture.
   * @type {(point: Point, style: Style) => void}
   */
  begin(point, style) {
    this.#show([...this.strokes, { ...style, points: [point] }]);
  }

  /** Begins a gesture that draws something else in place of all. */
  replace() {
    this.#show([]);
  }

  /** Does nothing where the stroke was cancelled or cleared meanwhile. @param {Point[]} points */
  extend(points) {
    if (!this.#under) {
      return;
    }
    const stroke = this.strokes[this.strokes.length - 1];
    this.#show([...this.strokes.slice(0, -1), { ...stroke, points: [...stroke.points, ...points] }]);
  }

  /**
   * Rubs out what lies within `reach` of the line from one place to another: strokes are cut, not hidden.
   * @type {(from: Place, to: Place, reach: number) => void}
   */
  rub(from, to, reach) {
    const left = this.strokes.flatMap((stroke) => cut(stroke, from, to, reach));
    if (left.length !== this.strokes.length || left.some((stroke, place) => stroke !== this.strokes[place])) {
      this.#show(left);
    }
  }

  /** The gesture is over, and one step back undoes it. */
  end() {
    if (this.#under) {
      this.#keep(this.#under);
      this.#under = null;
      this.#settle();
    }
  }

  /** The gesture never was: another finger came, or the system took the pointer away. */
  cancel() {
    if (this.#under) {
      this.#under = null;
      this.#change();
      this.#settle();
    }
  }

  clear() {
    this.#under = null;
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
   * Puts other strokes, or a picture, in place of what is there; undo brings that back.
   * @param {Partial<State>} state
   */
  put({ strokes = [], picture = null }) {
    this.#under = null;
    this.#keep({ strokes, picture });
    this.#change();
    this.#settle();
  }

  /** @param {number} place */
  #go(place) {
    if (this.#under || place < 0 || place >= this.#states.length) {
      return;
    }
    this.#now = place;
    this.#change();
    this.#settle();
  }

  get #shown() {
    return this.#under ?? this.#states[this.#now];
  }

  /** @param {State} state */
  #keep(state) {
    this.#states = [...this.#states.slice(0, this.#now + 1), state];
    this.#now += 1;
  }

  /** @param {Stroke[]} strokes */
  #show(strokes) {
    this.#under = { strokes, picture: null };
    this.#change();
  }

  #change() {
    this.dispatchEvent(new Event("change"));
  }

  #settle() {
    this.dispatchEvent(new Event("settle"));
  }
}

// The parts of a stroke that lie further than `reach` from the line. A stroke that lies outside comes back as it is.
/** @type {(stroke: Stroke, from: Place, to: Place, reach: number) => Stroke[]} */
function cut(stroke, from, to, reach) {
  const line = dense(stroke.points, reach / 4);
  const kept = line.map((point) => distance(point, from, to) >= reach);
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

/** The same line with no two points further apart than `most`. @type {(points: Point[], most: number) => Point[]} */
export function dense(points, most) {
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

// From a point to the nearest place on a line between two others.
/** @type {(point: Place, from: Place, to: Place) => number} */
function distance([x, y], [x0, y0], [x1, y1]) {
  const [along, down] = [x1 - x0, y1 - y0];
  const length = along * along + down * down;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * along + (y - y0) * down) / length));
  return Math.hypot(x - x0 - share * along, y - y0 - share * down);
}
