"""The picture of a line: its size, place and ink do not depend on the unit, and whole numbers make it exact."""

import numpy as np
import pytest

from recognizer.numbers.line_pictures import (
    HEIGHT,
    MARGIN,
    WIDTH_STEP,
    WRITING,
    draw_strokes,
    resample,
    shrink_ink,
    step_of,
    walk,
)

ONE = np.array([[0.0, 0.0], [0.0, 1.0]])
TEN = [ONE, np.array([[0.5, 0.0], [1.0, 0.5], [0.5, 1.0], [0.2, 0.5], [0.5, 0.0]])]


@pytest.mark.parametrize(("unit", "move"), [(1e-3, 0.0), (300.0, -80.0), (1e6, 1e7)])
def test_unit_and_place_do_not_matter(unit: float, move: float):
    expected = draw_strokes(TEN).picture.astype(int)
    moved = draw_strokes([stroke * unit + move for stroke in TEN]).picture.astype(int)
    assert np.abs(moved - expected).max() <= 1


def test_writing_fills_the_height_and_has_margins():
    picture, corner, scale = draw_strokes(TEN)
    assert picture.shape == (HEIGHT, 48)
    assert picture.shape[1] % WIDTH_STEP == 0
    rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    assert (rows[0], rows[-1]) == (2, 29)
    assert columns[0] >= MARGIN - 2
    assert scale == WRITING
    np.testing.assert_allclose((np.array([0, 0]) - corner) * scale, [MARGIN, (HEIGHT - WRITING) / 2])


def test_ink_is_full_along_a_stroke_and_a_stroke_has_no_ends_more():
    picture = draw_strokes([ONE]).picture
    column = picture[:, int(MARGIN)]
    assert (column[4:28] > 250).all()


def test_the_order_of_strokes_changes_no_bit():
    again = draw_strokes(TEN[::-1]).picture
    assert (again == draw_strokes(TEN).picture).all()


def test_a_dot_has_ink():
    picture, corner, scale = draw_strokes([ONE, np.array([[0.6, 1.0]])])
    x, y = ((np.array([0.6, 1.0]) - corner) * scale).astype(int)
    assert picture[y, x] > 100


def test_very_long_writing_becomes_smaller():
    picture, _, scale = draw_strokes([ONE, ONE + np.array([200.0, 0.0])])
    assert picture.shape[1] <= 1632
    assert scale < WRITING


def test_a_very_long_scribble_has_a_limited_number_of_points():
    scribble = np.stack([np.tile([0.0, 1.0], 20_000), np.tile([0.0, 0.5, 1.0, 0.5], 10_000)], 1)
    step = step_of([scribble * WRITING])
    assert len(walk(scribble * WRITING, step)[0]) <= 20_000
    assert draw_strokes([scribble]).picture.max() == 255


@pytest.mark.parametrize("height", [13, 26, 40, 300])
def test_ink_of_any_height_comes_to_the_standard_height(height: int):
    ink = np.zeros((height + 20, height + 30), np.float32)
    ink[10 : 10 + height, 15 : 15 + max(height // 8, 1)] = 0.4
    picture, corner, scale = shrink_ink(ink, (15, 10, 15 + height // 2, 10 + height))
    assert picture.shape[0] == HEIGHT
    assert picture.max() == 255
    assert scale == pytest.approx(WRITING / height)
    rows = np.flatnonzero((picture > 100).any(1))
    assert rows[-1] + 1 - rows[0] == pytest.approx(WRITING, abs=2)
    assert corner == pytest.approx((15 - MARGIN / scale, 10 - 3 / scale))


def test_no_ink_stays_no_ink():
    assert not shrink_ink(np.zeros((40, 40), np.float32), (0, 0, 40, 40)).picture.any()


@pytest.mark.parametrize("step", [0.4, 1.0, 2.0, 3.7])
def test_weights_keep_a_plain_tone_within(step: float):
    plain = np.ones((40, 3), np.float32)
    np.testing.assert_allclose(resample(plain, 2.0, step, 5), 1)
    assert (resample(plain, -30.0, step, 3) == 0).all()
