// The shape of a stroke: a smooth line with round ends through the pen's places, wider where the pen is pressed harder.

const SHARP = Math.cos((80 / 180) * Math.PI); // a larger turn is a corner, unless the pen is too wide to show it
const [LIGHTEST, HARDEST] = [0.4, 1.6]; // shares of the width at pressure 0 and 1
const ONE_WIDTH = 0.03; // widths that differ by a smaller share become one line
const PARTS = 4; // of a bend, each with its own width
const DOT = 1e-4; // length of a dot: a line of length 0 would not be drawn
const PRECISION = 1e5;

/** One line, or many of different widths if pressure counts. @type {(stroke: Stroke) => Line[]} */
export function linesOf({ points, width, pressed }) {
  const bends = bendsOf(dropRepeats(points), width);
  if (!pressed) {
    const path = bends.map(([, control, to]) => `Q${format(control)} ${format(to)}`);
    return [{ width, path: `M${format(points[0])}${path.join("")}` }];
  }
  /** @type {Line[]} */
  const lines = [];
  for (const bend of bends) {
    for (let part = 1; part <= PARTS; part += 1) {
      const [from, to] = [part - 1, part].map((step) => pointOn(bend, step / PARTS));
      const wide = width * (LIGHTEST + (HARDEST - LIGHTEST) * to[2]);
      let line = lines.at(-1);
      if (!line || Math.abs(wide / line.width - 1) > ONE_WIDTH) {
        line = { width: wide, path: `M${format(from)}` };
        lines.push(line);
      }
      line.path += `L${format(to)}`;
    }
  }
  return lines;
}

// Drops places where the pen stood still. Returns at least two.
/** @type {(points: Point[]) => Point[]} */
function dropRepeats(points) {
  const places = points.filter(
    (point, number) => point[0] !== points[number - 1]?.[0] || point[1] !== points[number - 1]?.[1],
  );
  const [x, y, pressure] = places[0];
  return places.length > 1 ? places : [...places, [x + DOT, y, pressure]];
}

// Quadratic curves between the midpoints of neighbouring places; straight into and out of a corner.
/** @type {(places: Point[], width: number) => Bend[]} */
function bendsOf(places, width) {
  /** @type {Bend[]} */
  const bends = [];
  let from = places[0];
  for (let number = 1; number < places.length; number += 1) {
    const [before, place, next] = places.slice(number - 1, number + 2);
    if (!next || isCorner(before, place, next, width)) {
      bends.push([from, midpoint(from, place), place]);
      from = place;
    } else {
      const to = midpoint(place, next);
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

/** @type {(first: Point, second: Point) => Point} */
function midpoint(first, second) {
  return /** @type {Point} */ (first.map((value, axis) => (value + second[axis]) / 2));
}

// The place and pressure at a share of the curve.
/** @type {(bend: Bend, share: number) => Point} */
function pointOn([from, control, to], share) {
  const rest = 1 - share;
  return /** @type {Point} */ (
    from.map((value, axis) => rest * rest * value + 2 * rest * share * control[axis] + share * share * to[axis])
  );
}

/** @param {Point} place */
function format([x, y]) {
  return `${Math.round(x * PRECISION) / PRECISION} ${Math.round(y * PRECISION) / PRECISION}`;
}
