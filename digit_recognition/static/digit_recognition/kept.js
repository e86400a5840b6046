// What this browser tab remembers of the drawing, so that leaving the page and coming back keeps it. It is not sent.

const DRAWING = "drawing";
const DECIMALS = 4; // of shares of the side: a twentieth of a pixel

/** Brings back the strokes that the tab had, and remembers them from then on. A picture is not remembered. */
export function keepInTab(drawing) {
  const strokes = remembered();
  if (strokes.length > 0) {
    drawing.put({ strokes });
  }
  drawing.addEventListener("settle", () => remember(drawing.strokes));
}

// A browser may refuse to remember anything, and the tab's memory may hold what another release wrote.
function remembered() {
  try {
    const strokes = JSON.parse(sessionStorage.getItem(DRAWING)) ?? [];
    const sound = strokes.every(({ points, width }) => width > 0 && points.every((point) => point.every(Number.isFinite)));
    return sound ? strokes : [];
  } catch {
    return [];
  }
}

function remember(strokes) {
  try {
    sessionStorage.setItem(DRAWING, JSON.stringify(strokes, (_, value) => rounded(value)));
  } catch {
    // nothing to do
  }
}

function rounded(value) {
  return typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value;
}
