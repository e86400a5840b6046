// A stroke as it looks: a smooth line through where the pen was, with round ends, wider where a pen is pressed.

const SHARP = Math.cos((80 / 180) * Math.PI); // turning by more is a corner, where the pen is not too wide to show one
const [LIGHTEST, HARDEST] = [0.4, 1.6]; // of the width, by a pen's pressure
const ONE_WIDTH = 0.03; // widths that differ by a smaller share are drawn as one line
const PARTS = 4; // of a bend, each of its own width
const DOT = 1e-4; // the length of a line that has none: round ends alone are not drawn
const DECIMALS = 1e5;

/** One line, or many where the pen was pressed. @type {(stroke: Stroke) => Line[]} */
export function linesOf({ points, width, pressed }) {
  const bends = bendsOf(distinct(points), width);
  if (!pressed) {
    const path = bends.map(([, control, to]) => `Q${written(control)} ${written(to)}`);
    return [{ width, path: `M${written(points[0])}${path.join("")}` }];
  }
  /** @type {Line[]} */
  const lines = [];
  for (const bend of bends) {
    for (let part = 1; part <= PARTS; part += 1) {
      const [from, to] = [part - 1, part].map((step) => on(bend, step / PARTS));
      const wide = width * (LIGHTEST + (HARDEST - LIGHTEST) * to[2]);
      let line = lines.at(-1);
      if (!line || Math.abs(wide / line.width - 1) > ONE_WIDTH) {
        line = { width: wide, path: `M${written(from)}` };
        lines.push(line);
      }
      line.path += `L${written(to)}`;
    }
  }
  return lines;
}

// Without places where the pen stayed; at least two.
/** @type {(points: Point[]) => Point[]} */
function distinct(points) {
  const places = points.filter(
    (one, number) => one[0] !== points[number - 1]?.[0] || one[1] !== points[number - 1]?.[1],
  );
  const [x, y, pressure] = places[0];
  return places.length > 1 ? places : [...places, [x + DOT, y, pressure]];
}

// Quadratic curves, [from, control, to], from the middle between two places to the next one; into a corner and out of
// it they are straight.
/** @type {(places: Point[], width: number) => Bend[]} */
function bendsOf(places, width) {
  /** @type {Bend[]} */
  const bends = [];
  let from = places[0];
  for (let number = 1; number < places.length; number += 1) {
    const [before, place, next] = places.slice(number - 1, number + 2);
    if (!next || isCorner(before, place, next, width)) {
      bends.push([from, middle(from, place), place]);
      from = place;
    } else {
      const to = middle(place, next);
      bends.push([from, place, to]);
      from = to;
    }
  }
  return bends;
}

/** @type {(before: Point, place: Point, next: Point, width: number) => boolean} */
function isCorner(before, place, next, width) {
  const [inX, inY] = [place[0] - before[0], place[1] - before[1]];
  const [outX, outY] = [next[0] - place[0], next[1] - place[1]];
  const [into, out] = [Math.hypot(inX, inY), Math.hypot(outX, outY)];
  return Math.min(into, out) > width && inX * outX + inY * outY < SHARP * into * out;
}

/** @type {(one: Point, other: Point) => Point} */
function middle(one, other) {
  return /** @type {Point} */ (one.map((value, axis) => (value + other[axis]) / 2));
}

// Where a curve is after a share of its way, and how hard the pen is pressed there.
/** @type {(bend: Bend, share: number) => Point} */
function on([from, control, to], share) {
  const rest = 1 - share;
  return /** @type {Point} */ (
    from.map((value, axis) => rest * rest * value + 2 * rest * share * control[axis] + share * share * to[axis])
  );
}

/** @param {Point} place */
function written([x, y]) {
  return `${Math.round(x * DECIMALS) / DECIMALS} ${Math.round(y * DECIMALS) / DECIMALS}`;
}
