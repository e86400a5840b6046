"""Runs the strokes door: float64 strokes → normalised, thinned float32 segments → pictures."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recognizer.batching import batches_by_shape
from recognizer.doors.session import DOORS, Session
from recognizer.ink import Stroke, Strokes
from recognizer.parts import may_stand_apart, parts_of_strokes
from recognizer.prediction import Box
from recognizer.several import Part, parts_to_read

MOST_SEGMENTS = 512
MOST_STROKES = 256
SEGMENTS_AT_ONCE = 4096  # segments in one run of the graph: some 60 MB of memory
FAR_APART = 1e300  # larger coordinates are scaled down first: their differences could overflow

Segments = npt.NDArray[np.float32]  # (S, 4) x0, y0, x1, y1 in [0, 1]
Pictures = npt.NDArray[np.float32]  # (N, 1, 28, 28) in [0, 1], light ink on dark


class StrokesDoor:
    """Drawings → the pictures that the network sees."""

    def __init__(self) -> None:
        self.session = Session(DOORS / "strokes.onnx", ["segments"], ["picture", "place"])

    def __call__(self, drawings: Sequence[Strokes]) -> Pictures:
        """N drawings, none of them blank → (N, 1, 28, 28). Drawings with the same number of segments share a run."""
        return self.pictures_and_places(drawings)[0]

    def pictures_and_places(self, drawings: Sequence[Strokes]) -> tuple[Pictures, npt.NDArray[np.float32]]:
        """Return also where each picture lies in the drawing: (N, 3) float32, left, top and side; see `normalise`."""
        segments = [segments_of(drawing) for drawing in drawings]
        pictures = np.empty((len(segments), 1, 28, 28), np.float32)
        places = np.empty((len(segments), 3), np.float32)
        for indexes in batches(list(map(len, segments))):
            stack = np.stack([segments[index] for index in indexes])
            pictures[indexes], places[indexes] = self.session.run(segments=stack)
        return pictures, places

    def in_few_runs(self, drawings: Sequence[Strokes]) -> Pictures:
        """Do the same, faster for drawings of different lengths: the shorter ones end in segments of length 0."""
        segments = [segments_of(drawing) for drawing in drawings]
        stack = np.empty((len(segments), max(map(len, segments)), 4), np.float32)
        for own, padded in zip(segments, stack, strict=True):
            padded[: len(own)], padded[len(own) :] = own, np.tile(own[-1, 2:], 2)
        count = max(1, SEGMENTS_AT_ONCE // stack.shape[1])
        runs = [self.session.run(segments=stack[start : start + count])[0] for start in range(0, len(stack), count)]
        return np.concatenate(runs)

    def parts(self, drawings: Sequence[Strokes]) -> list[list[Part]]:
        """Return each drawing's parts that may be digits of their own, prepared like drawings; mostly none."""
        found = [_parts_apart(drawing) for drawing in drawings]
        pictures = iter(self([part for parts in found for part, _ in parts]))
        return [[Part(box, next(pictures)) for _, box in parts] for parts in found]


def is_blank(drawing: Strokes) -> bool:
    """True for no ink, for a dot, and for a drawing smaller than its `min_extent` in both x and y."""
    points = [stroke for stroke in drawing.strokes if len(stroke)]
    if not points:
        return True
    with np.errstate(over="ignore"):
        extent = float(np.ptp(np.concatenate(points), axis=0).max())
    return extent == 0 or extent < drawing.min_extent


def _parts_apart(drawing: Strokes) -> list[tuple[Strokes, Box]]:
    strokes = [stroke for stroke in drawing.strokes if len(stroke)]
    if is_blank(drawing) or not may_stand_apart(strokes):
        return []
    parts = parts_of_strokes(thin(normalise(strokes)))
    return [(Strokes(parts[index].strokes), parts[index].box) for index in parts_to_read([part.box for part in parts])]


def segments_of(drawing: Strokes) -> Segments:
    """Normalise in float64, thin and cut into segments. A stroke of one point becomes a segment of length 0."""
    strokes = thin(normalise([stroke for stroke in drawing.strokes if len(stroke)]))
    parts = [
        np.concatenate([stroke[:-1], stroke[1:]], 1) if len(stroke) > 1 else np.tile(stroke, 2) for stroke in strokes
    ]
    return np.concatenate(parts).astype(np.float32)


def normalise(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Move the box's upper left corner to (0, 0) and scale its longer side to 1. A dot goes to (0, 0)."""
    points = np.concatenate(strokes)
    if np.abs(points).max() > FAR_APART:
        return normalise([stroke * 2.0**-16 for stroke in strokes])
    low = points.min(0)
    longer = (points.max(0) - low).max()
    return [(stroke - low) / (longer if longer > 0 else 1.0) for stroke in strokes]


def thin(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Remove points until there are at most 512 segments. Drawings with fewer segments stay unchanged.

    Of more than 256 strokes, 256 evenly chosen ones stay. Then the line is divided into equal steps, and each stroke
    keeps its two ends and its first point in each step. The golden drawings hold the JavaScript version to this rule.
    """
    if _segment_count(strokes) <= MOST_SEGMENTS:
        return list(strokes)
    if len(strokes) > MOST_STROKES:
        strokes = [strokes[index * len(strokes) // MOST_STROKES] for index in range(MOST_STROKES)]
    distances = [_distances_along(stroke) for stroke in strokes]
    step = sum(float(distance[-1]) for distance in distances) / (MOST_SEGMENTS - len(strokes))
    return [stroke[_points_kept(along, step)] for stroke, along in zip(strokes, distances, strict=True)]


def _segment_count(strokes: Sequence[Stroke]) -> int:
    return sum(max(len(stroke) - 1, 1) for stroke in strokes)


def _distances_along(stroke: Stroke) -> npt.NDArray[np.float64]:
    """Return the distance along the line from the stroke's start to each of its points."""
    across, down = np.diff(stroke, axis=0).T
    return np.concatenate([[0.0], np.cumsum(np.sqrt(across * across + down * down))])


def _points_kept(distances: npt.NDArray[np.float64], step: float) -> npt.NDArray[np.bool_]:
    kept = np.zeros(len(distances), bool)
    kept[0] = kept[-1] = True
    if step > 0:
        multiple = np.floor(distances / step)
        kept[1:] |= multiple[1:] > multiple[:-1]
    return kept


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the indexes of drawings that share a run: of one length, few enough for memory.

    Equal lengths need no padding, so that each drawing has the same bits as when it is run alone.
    """
    return batches_by_shape(lengths, lambda length: SEGMENTS_AT_ONCE // length)
