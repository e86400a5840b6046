"""Measures what a model says to two digits at once: side by side and one above the other, from touching to far apart.

Pairs are composed of a test set's digits, with a fixed seed. They choose nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import Pictures
from recognizer.evaluation.canvas_pictures import Place, draw_ink
from recognizer.prediction import Prediction, Reason
from recognizer.recognizer import Recognizer

PAIRS = 600  # of each row
SEED = 81
PEN_GAPS = (0.0, 0.03, 0.06, 0.1, 0.2, 0.4, 0.8)  # of a digit's height; at 0 the boxes touch, not always the lines
PICTURE_GAPS_PX = (-4, -2, 0, 4, 8, 12, 20)  # between MNIST's pictures, which have some 4 px of paper on each side
CANVAS_GAPS = (0.1, 0.25, 0.7)  # of a digit's height
CANVAS_SIDE_PX, CANVAS_PEN_PX = 220.0, 8.0
WRITTEN_HEIGHT = 350.0  # of a pen digit, in the data set's unit

Strokes = list[npt.NDArray[np.float64]]


@dataclass(frozen=True)
class PairRow:
    """What a model said to the pairs of one kind. answered: as one digit; reasons: of the others, by their number."""

    name: str
    n: int
    answered: int
    reasons: dict[Reason, int]


def measure_pairs(reader: Recognizer, pens: Sequence[Drawing], mnist: Pictures) -> Iterator[PairRow]:
    """Yield the rows, as they are measured."""
    for above in (False, True):
        where = "one above the other" if above else "side by side"
        for gap in PEN_GAPS:
            strokes = _pen_pairs(pens, gap, above)
            yield _row(f"pen digits {where}, gap {gap:g} of the height", reader.predict_strokes(strokes))
        for gap in CANVAS_GAPS:
            drawn = map(_on_canvas, _pen_pairs(pens, gap, above))
            yield _row(f"the same drawn on a canvas {where}, gap {gap:g}", reader.predict_pixels(drawn))
        for gap_px in PICTURE_GAPS_PX:
            images = [mnist.images[list(pair)] for pair in _choose(len(mnist.images))]
            pairs = [picture_pair(first, second, gap_px, above) for first, second in images]
            yield _row(f"MNIST {where}, gap {gap_px} px", reader.predict_pixels(pairs))


def _pen_pairs(pens: Sequence[Drawing], gap: float, above: bool) -> list[Strokes]:
    return [pen_pair(pens[first].strokes, pens[second].strokes, gap, above) for first, second in _choose(len(pens))]


def _choose(count: int) -> list[tuple[int, int]]:
    """Return the same random pairs of `count` items each time."""
    chosen = np.random.default_rng(SEED).integers(count, size=(PAIRS, 2))
    return [(first, second) for first, second in chosen.tolist()]


def pen_pair(first: Sequence[npt.ArrayLike], second: Sequence[npt.ArrayLike], gap: float, above: bool) -> Strokes:
    """Put two pen digits side by side or one above the other, centred. gap: between their boxes, of a usual height."""
    one, two = _centred(first), _centred(second)
    axis = 1 if above else 0
    step = np.zeros(2)
    step[axis] = max(points[:, axis].max() for points in one) - min(points[:, axis].min() for points in two)
    step[axis] += gap * WRITTEN_HEIGHT
    return [*one, *(points + step for points in two)]


def _centred(strokes: Sequence[npt.ArrayLike]) -> Strokes:
    """Move the box's middle to 0, 0."""
    arrays = [np.asarray(points, np.float64) for points in strokes]
    every = np.concatenate(arrays)
    return [points - (every.min(0) + every.max(0)) / 2 for points in arrays]


def _on_canvas(strokes: Strokes) -> npt.NDArray[np.uint8]:
    return draw_ink(strokes, CANVAS_SIDE_PX, CANVAS_PEN_PX, Place())


def picture_pair(
    first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8], gap_px: int, above: bool
) -> npt.NDArray[np.uint8]:
    """Put two (28, 28) pictures, light on black, side by side or one above the other."""
    side = len(first)
    sheet = np.zeros((side, 2 * side + gap_px), np.uint8)
    sheet[:, :side] = first.T if above else first
    beside = sheet[:, side + gap_px :]
    beside[:] = np.maximum(beside, second.T if above else second)
    return np.ascontiguousarray(sheet.T) if above else sheet


def _row(name: str, answers: Sequence[Prediction]) -> PairRow:
    reasons = Counter(answer.reason for answer in answers if answer.reason is not None)
    return PairRow(name, len(answers), len(answers) - reasons.total(), dict(reasons))
