"""Groups of digits as strokes: what is put where, and how far apart."""

from itertools import product

import numpy as np
import pytest

from recognizer.datasets.formats import Drawing
from recognizer.training.examples.groups import (
    COLUMN,
    FAR,
    ROW,
    cut,
    extent,
    group,
    least_gap,
    spread,
    stand,
    with_much_of_the_next,
)

ONE = Drawing("1", "w", (np.array([[5.0, 0.0], [5.0, 20.0]]),))
SEVEN = Drawing("7", "w", (np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]]), np.array([[10.0, 50.0], [50.0, 50.0]])))
BOX = Drawing("0", "w", (np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0], [0.0, 0.0]]),))


def gaps(digits: list[Drawing], axis: int, count: int = 300) -> np.ndarray:
    """Return the gap between the boxes of the first two digits of each group."""
    random, strokes = np.random.default_rng(0), [len(digit.strokes) for digit in digits]
    found = []
    for _ in range(count):
        placed = group(digits, axis, random)
        first, second = np.concatenate(placed[: strokes[0]]), np.concatenate(placed[strokes[0] : sum(strokes[:2])])
        found.append(second[:, axis].min() - first[:, axis].max())
    return np.array(found)


@pytest.mark.parametrize(("axis", "most"), [(ROW, 0.12), (COLUMN, 0.04)], ids=["row", "column"])
def test_gaps_go_from_overlapping_to_far_apart(axis, most):
    found = gaps([SEVEN, SEVEN], axis)
    assert -most <= found.min() < -most / 4 and 0.8 * FAR < found.max() <= FAR
    assert 0.5 < (found < 0.3).mean() < 0.8


@pytest.mark.parametrize(("digits", "axis"), [([ONE, ONE], ROW), ([BOX, BOX], COLUMN), ([ONE, BOX], COLUMN)])
def test_digits_that_would_look_like_one_do_not_touch(digits, axis):
    assert gaps(digits, axis).min() >= 0.3


def test_a_narrow_digit_never_disappears_in_its_neighbour():
    for first, second, axis in product("0123456789", "0123456789", (ROW, COLUMN)):
        assert least_gap(first, second, axis, narrower=0.02) >= -0.4 * 0.02


def test_a_group_holds_all_of_its_digits_one_after_the_other():
    placed = group([SEVEN, BOX, ONE], ROW, np.random.default_rng(1))
    starts = [np.concatenate(part)[:, 0].min() for part in (placed[:2], placed[2:3], placed[3:])]
    assert len(placed) == 4 and starts == sorted(starts)


def test_some_groups_have_digits_of_unlike_sizes():
    random = np.random.default_rng(0)
    heights = np.array([[np.ptp(stroke[:, 1]) for stroke in group([BOX, BOX], ROW, random)] for _ in range(300)])
    shares = heights.min(1) / heights.max(1)
    assert 0.2 < (shares < 0.8).mean() < 0.5 and shares.min() > 0.45


def test_a_digit_stands_upright_with_the_height_it_is_given():
    strokes = stand(SEVEN, 0.5, np.random.default_rng(0))
    assert extent(strokes)[1] == pytest.approx(0.5)
    assert np.concatenate(strokes).min(0).tolist() == pytest.approx([0, 0])


@pytest.mark.parametrize("keep_low", [True, False], ids=["its start", "its end"])
def test_a_cut_keeps_one_side_and_all_strokes_that_reach_it(keep_low):
    kept = np.concatenate(cut(SEVEN.strokes, 0, 0.4, keep_low=keep_low))
    assert (kept[:, 0] <= 24.0).all() if keep_low else (kept[:, 0] >= 36.0).all()
    assert np.ptp(kept[:, 0]) > 20


def test_a_line_that_leaves_and_comes_back_is_cut_in_two():
    wave = np.array([[0.0, 0.0], [10.0, 1.0], [0.0, 2.0]])
    assert len(cut([wave], 0, 0.5, keep_low=True)) == 2 and len(cut([wave], 0, 0.5, keep_low=False)) == 1


def test_much_of_the_next_digit_stands_beside_a_whole_one():
    random = np.random.default_rng(0)
    for _ in range(100):
        strokes = with_much_of_the_next([BOX, BOX], random)
        lengths = sorted(np.hypot(*np.diff(spread(stroke), axis=0).T).sum() for stroke in strokes)
        assert lengths[-1] > 3 and 1 < sum(lengths[:-1]) < 4


def test_the_same_seed_draws_the_same_group():
    first, again = (group([SEVEN, BOX], ROW, np.random.default_rng(7)) for _ in range(2))
    other = group([SEVEN, BOX], ROW, np.random.default_rng(8))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not all(np.array_equal(one, two) for one, two in zip(first, other, strict=True))
