// Whether a drawing looks like several digits: then a page can say what to do, beyond "not a digit".

const INK = 100; // of 255: fainter pixels of the picture join what is apart
const LEAST_GAP = 0.03; // of the drawing's height, between neighbours
const LEAST_BESIDE = 0.5; // of its height, where they stand side by side: lower parts are dots, bars and strays
const LEAST_ABOVE = 0.3; // where one stands above the other
const MOST_ASPECT = 1.6; // width over height of these: wider parts are bars

/** strokes: [[[x, y], ...], ...] in any unit, or else seen: an ImageData, the picture that the network sees. */
export function looksLikeSeveral({ strokes, seen }) {
  const spans = strokes ? strokes.filter((stroke) => stroke.length).map(spanOf) : pixelsOf(seen);
  const height = Math.max(...spans.map(({ bottom }) => bottom)) - Math.min(...spans.map(({ top }) => top));
  const heightShare = (group) => (group.bottom - group.top) / height;
  const beside = joined(spans, LEAST_GAP * height, "left", "right").filter(
    (group) => heightShare(group) >= LEAST_BESIDE,
  );
  const above = joined(spans, LEAST_GAP * height, "top", "bottom").filter(
    (group) =>
      heightShare(group) >= LEAST_ABOVE && group.right - group.left <= MOST_ASPECT * (group.bottom - group.top),
  );
  return beside.length > 1 || above.length > 1;
}

function spanOf(points) {
  const [across, down] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

// Of each pixel that holds ink: where ink hangs together, so do they.
function pixelsOf({ data, width }) {
  const inked = Array.from({ length: data.length / 4 }, (_, place) => place).filter((place) => data[4 * place] >= INK);
  return inked.map((place) => {
    const [left, top] = [place % width, Math.floor(place / width)];
    return { left, right: left + 1, top, bottom: top + 1 };
  });
}

// What overlaps along an axis, or nearly so, is of one digit.
function joined(spans, gap, start, end) {
  const groups = [];
  for (const span of [...spans].sort((one, other) => one[start] - other[start])) {
    const last = groups.at(-1);
    if (last && span[start] - last[end] < gap) {
      for (const [edge, furthest] of Object.entries({
        left: Math.min,
        right: Math.max,
        top: Math.min,
        bottom: Math.max,
      })) {
        last[edge] = furthest(last[edge], span[edge]);
      }
    } else {
      groups.push({ ...span });
    }
  }
  return groups;
}
