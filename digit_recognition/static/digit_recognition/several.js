// Whether strokes look like several digits side by side: then a page can say what to do, beyond "not a digit".

const LEAST_HEIGHT = 0.5; // of the whole drawing: lower parts are dots, bars and strays
const LEAST_GAP = 0.03; // of its height, between neighbours

/** strokes: [[[x, y], ...], ...] in any unit. */
export function looksLikeSeveral(strokes) {
  const spans = strokes.filter((stroke) => stroke.length).map(spanOf);
  const height = Math.max(...spans.map(({ bottom }) => bottom)) - Math.min(...spans.map(({ top }) => top));
  const tall = joined(spans, LEAST_GAP * height).filter(({ top, bottom }) => bottom - top >= LEAST_HEIGHT * height);
  return tall.length > 1;
}

function spanOf(stroke) {
  const [across, down] = [0, 1].map((axis) => stroke.map((point) => point[axis]));
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

// Strokes above one another, or nearly so, are of one digit.
function joined(spans, gap) {
  const groups = [];
  for (const span of [...spans].sort((one, other) => one.left - other.left)) {
    const last = groups.at(-1);
    if (last && span.left - last.right < gap) {
      last.right = Math.max(last.right, span.right);
      last.top = Math.min(last.top, span.top);
      last.bottom = Math.max(last.bottom, span.bottom);
    } else {
      groups.push({ ...span });
    }
  }
  return groups;
}
