"""Calls the strokes door: float64 strokes → normalised, thinned float32 segments → pictures."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recognizer.doors.session import DOORS, Session
from recognizer.ink import Stroke, Strokes

MOST_SEGMENTS = 512
MOST_STROKES = 256
SEGMENTS_AT_ONCE = 4096  # segments in one run of the graph: some 60 MB of working memory
FAR_APART = 1e300  # coordinates from here on are scaled down before they are subtracted, which could overflow

Segments = npt.NDArray[np.float32]  # (S, 4) x0, y0, x1, y1 in [0, 1]
Pictures = npt.NDArray[np.float32]  # (N, 1, 28, 28) in [0, 1], light ink on dark


class StrokesDoor:
    """Drawings → the pictures that the network sees."""

    def __init__(self) -> None:
        self.session = Session(DOORS / "strokes.onnx", ["segments"], ["picture", "place"])

    def __call__(self, drawings: Sequence[Strokes]) -> Pictures:
        """N drawings that are not blank → (N, 1, 28, 28); drawings of as many segments share a run."""
        return self.placed(drawings)[0]

    def placed(self, drawings: Sequence[Strokes]) -> tuple[Pictures, npt.NDArray[np.float32]]:
        """The same, and where each lies: (N, 3) float32, left, top and side, of the drawing as `normalised`."""
        segments = [segments_of(drawing) for drawing in drawings]
        pictures = np.empty((len(segments), 1, 28, 28), np.float32)
        places = np.empty((len(segments), 3), np.float32)
        for indexes in batches([len(one) for one in segments]):
            stack = np.stack([segments[index] for index in indexes])
            pictures[indexes], places[indexes] = self.session.run(segments=stack)
        return pictures, places


def is_blank(drawing: Strokes) -> bool:
    """No ink, a dot, or a drawing smaller than its `min_extent` in x and y."""
    points = [stroke for stroke in drawing.strokes if len(stroke)]
    if not points:
        return True
    with np.errstate(over="ignore"):
        extent = float(np.ptp(np.concatenate(points), axis=0).max())
    return extent == 0 or extent < drawing.min_extent


def segments_of(drawing: Strokes) -> Segments:
    """Shifted and scaled to [0, 1] in float64, thinned, cut into segments; a one-point stroke is one of no length."""
    strokes = thinned(normalised([stroke for stroke in drawing.strokes if len(stroke)]))
    parts = [
        np.concatenate([stroke[:-1], stroke[1:]], 1) if len(stroke) > 1 else np.tile(stroke, 2) for stroke in strokes
    ]
    return np.concatenate(parts).astype(np.float32)


def normalised(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Box corner to 0, longer side to 1; a dot to 0."""
    points = np.concatenate(strokes)
    if np.abs(points).max() > FAR_APART:
        return normalised([stroke * 2.0**-16 for stroke in strokes])
    low = points.min(0)
    longer = (points.max(0) - low).max()
    return [(stroke - low) / (longer if longer > 0 else 1.0) for stroke in strokes]


def thinned(strokes: Sequence[Stroke]) -> list[Stroke]:
    """At most 512 segments; fewer are left as they are. The golden drawings hold every other reader to this rule.

    Of more than 256 strokes, 256 evenly chosen ones stay. Then each stroke keeps its ends and each point that is the
    first to lie beyond a further multiple of the step along the line.
    """
    if _segment_count(strokes) <= MOST_SEGMENTS:
        return list(strokes)
    if len(strokes) > MOST_STROKES:
        strokes = [strokes[index * len(strokes) // MOST_STROKES] for index in range(MOST_STROKES)]
    ways = [_way(stroke) for stroke in strokes]
    step = sum(float(way[-1]) for way in ways) / (MOST_SEGMENTS - len(strokes))
    return [stroke[_kept(way, step)] for stroke, way in zip(strokes, ways, strict=True)]


def _segment_count(strokes: Sequence[Stroke]) -> int:
    return sum(max(len(stroke) - 1, 1) for stroke in strokes)


def _way(stroke: Stroke) -> npt.NDArray[np.float64]:
    """From the stroke's start to each of its points, along the line."""
    across, down = np.diff(stroke, axis=0).T
    return np.concatenate([[0.0], np.cumsum(np.sqrt(across * across + down * down))])


def _kept(way: npt.NDArray[np.float64], step: float) -> npt.NDArray[np.bool_]:
    kept = np.zeros(len(way), bool)
    kept[0] = kept[-1] = True
    if step > 0:
        multiple = np.floor(way / step)
        kept[1:] |= multiple[1:] > multiple[:-1]
    return kept


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indexes grouped by length, within SEGMENTS_AT_ONCE: without padding each has the bits that it has alone."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for index, length in enumerate(lengths):
        by_length[length].append(index)
    groups = []
    for length, indexes in by_length.items():
        size = max(1, SEGMENTS_AT_ONCE // length)
        groups += [indexes[start : start + size] for start in range(0, len(indexes), size)]
    return groups
