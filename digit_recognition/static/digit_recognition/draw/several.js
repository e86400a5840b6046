// Guesses whether a drawing shows several digits, so that the page can say so instead of "not a digit".

const INK = 100; // of 255: fainter pixels would join separate digits
const LEAST_GAP = 0.03; // between neighbours, of the drawing's height
const LEAST_BESIDE = 0.5; // height of a digit beside another, of the drawing's: lower parts are dots, bars and strays
const LEAST_ABOVE = 0.3; // height of a digit above another, of the drawing's
const MOST_ASPECT = 1.6; // width over height of a digit above another: wider parts are bars

/**
 * Looks at the strokes, or without strokes at what the network sees.
 * @type {(drawn: {strokes?: Place[][], seen: ImageData}) => boolean}
 */
export function looksLikeSeveral({ strokes, seen }) {
  const spans = strokes ? strokes.filter((stroke) => stroke.length).map(spanOf) : pixelsOf(seen);
  const height = Math.max(...spans.map(({ bottom }) => bottom)) - Math.min(...spans.map(({ top }) => top));
  /** @param {Span} group */
  const heightShare = (group) => (group.bottom - group.top) / height;
  const beside = joinOverlapping(spans, LEAST_GAP * height, "left", "right").filter(
    (group) => heightShare(group) >= LEAST_BESIDE,
  );
  const above = joinOverlapping(spans, LEAST_GAP * height, "top", "bottom").filter(
    (group) =>
      heightShare(group) >= LEAST_ABOVE && group.right - group.left <= MOST_ASPECT * (group.bottom - group.top),
  );
  return beside.length > 1 || above.length > 1;
}

/** @param {Place[]} points */
function spanOf(points) {
  const [across, down] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

// One span for each pixel with ink. Connected ink has overlapping spans.
/** @type {(seen: ImageData) => Span[]} */
function pixelsOf({ data, width }) {
  const inked = Array.from({ length: data.length / 4 }, (_, place) => place).filter((place) => data[4 * place] >= INK);
  return inked.map((place) => {
    const [left, top] = [place % width, Math.floor(place / width)];
    return { left, right: left + 1, top, bottom: top + 1 };
  });
}

// Joins spans that overlap along an axis, or are less than `gap` apart: they belong to one digit.
/** @type {(spans: Span[], gap: number, start: keyof Span, end: keyof Span) => Span[]} */
function joinOverlapping(spans, gap, start, end) {
  /** @type {Span[]} */
  const groups = [];
  for (const span of [...spans].sort((first, second) => first[start] - second[start])) {
    const last = groups.at(-1);
    if (last && span[start] - last[end] < gap) {
      last.left = Math.min(last.left, span.left);
      last.right = Math.max(last.right, span.right);
      last.top = Math.min(last.top, span.top);
      last.bottom = Math.max(last.bottom, span.bottom);
    } else {
      groups.push({ ...span });
    }
  }
  return groups;
}
