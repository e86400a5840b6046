// Whether a drawing looks like several digits: then a page can say what to do, beyond "not a digit".

const SIDE = 28;
const INK = 100; // of 255: fainter pixels of the picture join what is apart
const LEAST_GAP = 0.03; // of the drawing's height, between neighbours
const LEAST_BESIDE = 0.5; // of its height, where they stand side by side: lower parts are dots, bars and strays
const LEAST_ABOVE = 0.3; // where one stands above the other
const MOST_ASPECT = 1.6; // width over height of these: wider parts are bars

/** strokes: [[[x, y], ...], ...] in any unit, or else seen: an ImageData, the picture that the network sees. */
export function looksLikeSeveral({ strokes, seen }) {
  const spans = strokes ? strokes.filter((stroke) => stroke.length).map(spanOf) : partsOf(seen);
  const height = Math.max(...spans.map(({ bottom }) => bottom)) - Math.min(...spans.map(({ top }) => top));
  const heights = (group) => (group.bottom - group.top) / height;
  const beside = joined(spans, LEAST_GAP * height, "left", "right").filter((group) => heights(group) >= LEAST_BESIDE);
  const above = joined(spans, LEAST_GAP * height, "top", "bottom").filter(
    (group) => heights(group) >= LEAST_ABOVE && group.right - group.left <= MOST_ASPECT * (group.bottom - group.top),
  );
  return beside.length > 1 || above.length > 1;
}

function spanOf(points) {
  const [across, down] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

// The parts of a picture whose ink hangs together, over corners too.
function partsOf({ data }) {
  const waiting = new Set([...Array(SIDE * SIDE).keys()].filter((place) => data[4 * place] >= INK));
  const parts = [];
  for (const place of waiting) {
    const points = [];
    const next = [place];
    waiting.delete(place);
    while (next.length) {
      const [x, y] = coordinates(next.pop());
      points.push([x, y], [x + 1, y + 1]);
      for (const neighbour of around(x, y)) {
        if (waiting.delete(neighbour)) {
          next.push(neighbour);
        }
      }
    }
    parts.push(spanOf(points));
  }
  return parts;
}

function coordinates(place) {
  return [place % SIDE, Math.floor(place / SIDE)];
}

function around(x, y) {
  const steps = [-1, 0, 1];
  const places = steps.flatMap((down) => steps.map((across) => [x + across, y + down]));
  return places.filter(([column]) => column >= 0 && column < SIDE).map(([column, row]) => row * SIDE + column);
}

// What overlaps along an axis, or nearly so, is of one digit.
function joined(spans, gap, start, end) {
  const groups = [];
  for (const span of [...spans].sort((one, other) => one[start] - other[start])) {
    const last = groups.at(-1);
    if (last && span[start] - last[end] < gap) {
      for (const [edge, furthest] of Object.entries({ left: Math.min, right: Math.max, top: Math.min, bottom: Math.max })) {
        last[edge] = furthest(last[edge], span[edge]);
      }
    } else {
      groups.push({ ...span });
    }
  }
  return groups;
}
