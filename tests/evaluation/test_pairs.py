"""Pairs of digits are composed as their rows say, and each answer is counted once."""

import numpy as np
import pytest

from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import Pictures
from recognizer.evaluation.pairs import WRITTEN_HEIGHT, measure_pairs, pen_pair, picture_pair
from tests.support.predictions import prediction

SEVEN = [np.array([[0.0, 0], [100, 0], [60, 200]])]
ONE = [np.array([[500.0, 500], [500, 800]])]
ANSWERS = [prediction(7), *(prediction(None, reason) for reason in ("several digits", "unsure", "not a digit"))]


def box_of(strokes):
    points = np.concatenate(strokes)
    return points.min(0).tolist(), points.max(0).tolist()


@pytest.mark.parametrize("gap", [0, 0.1, 0.8])
@pytest.mark.parametrize("above", [False, True])
def test_the_gap_between_two_pen_digits_is_the_one_asked_for(above, gap):
    seven, one = (box_of([stroke]) for stroke in pen_pair(SEVEN, ONE, gap, above))
    axis = 1 if above else 0
    assert one[0][axis] - seven[1][axis] == pytest.approx(gap * WRITTEN_HEIGHT)
    assert sum(seven[0][1 - axis : 2 - axis] + seven[1][1 - axis : 2 - axis]) == 0  # centred on the other axis
    assert sum(one[0][1 - axis : 2 - axis] + one[1][1 - axis : 2 - axis]) == 0


@pytest.mark.parametrize("gap_px", [-4, 0, 20])
def test_two_pictures_lie_side_by_side_or_one_above_the_other(gap_px):
    first, second = np.full((28, 28), 100, np.uint8), np.full((28, 28), 200, np.uint8)
    beside, above = (picture_pair(first, second, gap_px, above) for above in (False, True))
    assert beside.shape == (28, 56 + gap_px) and above.shape == (56 + gap_px, 28)
    assert beside[0, 0] == above[0, 0] == 100 and beside[-1, -1] == above[-1, -1] == 200
    np.testing.assert_array_equal(beside.T, above)


class Reader:
    """Gives four answers in turn."""

    def predict_strokes(self, drawings):
        return [ANSWERS[index % 4] for index, _ in enumerate(drawings)]

    predict_pixels = predict_strokes


def test_each_row_counts_its_answers(monkeypatch):
    monkeypatch.setattr("recognizer.evaluation.pairs.PAIRS", 8)
    pens = [Drawing("7", "a", tuple(SEVEN)), Drawing("1", "a", tuple(ONE))]
    mnist = Pictures(np.zeros((2, 28, 28), np.uint8), np.array([7, 1]))
    rows = list(measure_pairs(Reader(), pens, mnist))  # type: ignore[arg-type]
    assert len(rows) == len({row.name for row in rows}) == 34
    assert {(row.n, row.answered, *row.reasons.values()) for row in rows} == {(8, 2, 2, 2, 2)}
