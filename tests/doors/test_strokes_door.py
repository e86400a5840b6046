"""The strokes door on our own drawings: units, batches, repeated ink, stray marks, dots."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.doors import StrokesDoor
from recognizer.doors.strokes import SEGMENTS_AT_ONCE, batches, is_blank, segments_of
from recognizer.ink import strokes_from
from tests.golden.drawings import DIGITS, OTHERS, arc

PEN_PX = 2.4
DOOR = StrokesDoor()
SEVEN, BAR, FIVE = DIGITS["7 crossed"], DIGITS["1 bar"], DIGITS["5 with a hat"]

every_digit = pytest.mark.parametrize("name", DIGITS)


def picture(drawing):
    return DOOR([strokes_from(drawing)])[0, 0]


def move(drawing, unit=1.0, x=0.0, y=0.0):
    return [[[px * unit + x, py * unit + y] for px, py in stroke] for stroke in drawing]


def inked(seen):
    """Rows and columns with ink: top, bottom, left, right; bottom and right are exclusive."""
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def middle_of_mass(seen):
    places = np.arange(28) + 0.5
    return (seen.sum(1) @ places / seen.sum(), seen.sum(0) @ places / seen.sum())


@st.composite
def any_drawing(draw, most_strokes=4, most_points=12):
    """Strokes of whole numbers that span 100 in x or y, so that float64 can shift them almost exactly."""
    point = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(list)
    strokes = draw(st.lists(st.lists(point, min_size=1, max_size=most_points), min_size=1, max_size=most_strokes))
    return [[[0, 0], [draw(st.integers(0, 100)), 100]], *strokes]


def test_a_picture_is_light_ink_on_dark_between_0_and_1(strokes_door):
    pictures = strokes_door([strokes_from(drawing) for drawing in DIGITS.values()])
    assert pictures.shape == (len(DIGITS), 1, 28, 28) and pictures.dtype == np.float32
    assert pictures.min() == 0 and pictures.max() == 1


@every_digit
def test_the_longer_side_is_20_px_with_the_pen(name):
    seen = picture(DIGITS[name])
    top, bottom, left, right = inked(seen)
    longer = seen.max(1).sum() if bottom - top >= right - left else seen.max(0).sum()
    assert longer == pytest.approx(20, abs=0.5)


@every_digit
def test_the_mass_is_in_the_middle(name):
    assert middle_of_mass(picture(DIGITS[name])) == pytest.approx((14, 14), abs=0.25)


def test_a_line_is_as_wide_as_the_standard_pen():
    assert picture(BAR)[14].sum() == pytest.approx(PEN_PX, abs=0.01)


def test_y_points_down_and_x_to_the_right():
    seen = picture([[[0, 0], [0, 100], [60, 100]]])
    top, bottom, _, right = inked(seen)
    assert seen[bottom - 2, right - 3] == 1 and seen[top + 1, right - 3] == 0


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 0.5, 3, 1e6, 1e9])
@pytest.mark.parametrize("name", ["7 crossed", "8 in one stroke", "2 shaky"])
def test_the_unit_does_not_matter(name, unit):
    np.testing.assert_allclose(picture(move(DIGITS[name], unit)), picture(DIGITS[name]), rtol=0, atol=1e-5)


@pytest.mark.parametrize("x, y", [(1e9, 0), (-1e9, 1e9), (1e-6, -1e6)])
@pytest.mark.parametrize("name", ["7 crossed", "8 in one stroke", "2 shaky"])
def test_the_place_does_not_matter(name, x, y):
    np.testing.assert_allclose(picture(move(DIGITS[name], 1, x, y)), picture(DIGITS[name]), rtol=0, atol=1e-5)


@given(any_drawing(), st.floats(-6, 9), st.floats(-1, 1), st.floats(-1, 1))
def test_unit_and_offset_together_do_not_change_what_enters_the_graph(drawing, exponent, x, y):
    unit = 10**exponent
    there = move(drawing, unit, x * unit * 1e6, y * unit * 1e6)
    expected = segments_of(strokes_from(drawing))
    np.testing.assert_allclose(segments_of(strokes_from(there)), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("unit, offset", [(5e-322, 0), (1e-300, 0), (1e306, -7e307), (1e300, 1e300)])
def test_units_at_the_ends_of_float64_work_too(unit, offset):
    segments = segments_of(strokes_from(move(FIVE, unit, offset, offset)))
    assert np.isfinite(segments).all() and segments.min() == 0 and segments.max() == 1
    np.testing.assert_allclose(segments, segments_of(strokes_from(FIVE)), rtol=0, atol=0.01)


@given(any_drawing(), any_drawing(most_strokes=9, most_points=40))
def test_a_drawing_looks_the_same_alone_and_beside_a_longer_one(drawing, other):
    alone = picture(drawing)
    (beside, _) = DOOR([strokes_from(drawing), strokes_from(other)])
    np.testing.assert_array_equal(beside[0], alone)


def test_all_digits_in_one_call_look_as_they_do_alone():
    together = DOOR([strokes_from(drawing) for drawing in DIGITS.values()])
    alone = np.stack([picture(drawing) for drawing in DIGITS.values()])
    np.testing.assert_array_equal(together[:, 0], alone)


def test_segments_of_no_length_on_the_last_point_weigh_nothing(strokes_door):
    short = segments_of(strokes_from(SEVEN))
    alone, _ = strokes_door.session.run(segments=short[None])
    long = np.concatenate([short, np.tile(short[-1, 2:], (500, 2))])
    with_padding, _ = strokes_door.session.run(segments=long[None])
    np.testing.assert_allclose(with_padding, alone, rtol=0, atol=1e-6)


@given(st.lists(st.integers(1, 512), max_size=200))
def test_batches_hold_each_drawing_once_and_stay_within_the_memory_limit(lengths):
    groups = batches(lengths)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    assert all(len(group) * max(lengths[index] for index in group) <= SEGMENTS_AT_ONCE for group in groups)


def test_a_bar_drawn_three_times_does_not_move_the_picture():
    hat_again = [*FIVE, FIVE[1], FIVE[1]]
    np.testing.assert_allclose(picture(hat_again), picture(FIVE), rtol=0, atol=1e-5)


def test_going_back_over_a_line_does_not_move_the_picture():
    there_and_back = [stroke + stroke[::-1] + stroke for stroke in SEVEN]
    np.testing.assert_allclose(picture(there_and_back), picture(SEVEN), rtol=0, atol=1e-5)


@given(st.randoms())
def test_the_order_and_direction_of_strokes_do_not_matter(random):
    strokes = [stroke[::-1] if random.random() < 0.5 else stroke for stroke in SEVEN]
    random.shuffle(strokes)
    np.testing.assert_allclose(picture(strokes), picture(SEVEN), rtol=0, atol=1e-5)


@pytest.mark.parametrize("place", [(-60, 20), (180, 70), (50, 220), (50, -60), (170, 210)])
@every_digit
def test_a_stray_mark_away_from_the_drawing_changes_nothing(name, place):
    (x, y) = place
    stray = [[x, y], [x + 2, y + 1]]
    np.testing.assert_allclose(picture([*DIGITS[name], stray]), picture(DIGITS[name]), rtol=0, atol=1e-5)


@pytest.mark.parametrize("place", [(180, 20), (-60, 20)])
def test_a_stray_dot_changes_nothing(place):
    np.testing.assert_allclose(picture([*SEVEN, [list(place)]]), picture(SEVEN), rtol=0, atol=1e-5)


def test_a_stray_mark_drawn_first_changes_nothing():
    np.testing.assert_allclose(picture([[[180, 20], [181, 22]], *SEVEN]), picture(SEVEN), rtol=0, atol=1e-5)


def test_two_stray_marks_on_opposite_sides_change_nothing():
    marks = [[[-60, 20], [-59, 20]], [[180, 90], [181, 90]]]
    np.testing.assert_allclose(picture([*SEVEN, *marks]), picture(SEVEN), rtol=0, atol=1e-5)


def test_a_larger_mark_away_from_the_drawing_sets_the_box():
    mark = arc(180, 30, 20, 20, 0, 360)
    assert np.abs(picture([*SEVEN, mark]) - picture(SEVEN)).max() > 0.5


def test_a_small_mark_near_the_drawing_belongs_to_it():
    hat, body = [[84, 8], [90, 7]], FIVE[0]
    assert np.abs(picture([body, hat]) - picture([body])).max() > 0.5


def test_the_end_of_a_long_line_is_no_stray_mark():
    """Its last segment is short and far from the middle, but connected to the rest."""
    whole = [[[0, 0], [0, 96], [0, 100]]]
    np.testing.assert_allclose(picture(whole), picture([[[0, 0], [0, 100]]]), rtol=0, atol=1e-5)


def test_a_dot_of_a_drawing_is_inked_as_wide_as_the_pen():
    seen = picture([[[0, 0], [0, 100]], [[14, 50]]])
    assert seen.sum() - picture([[[0, 0], [0, 100]]]).sum() == pytest.approx(math.pi * PEN_PX**2 / 4, abs=0.5)


@pytest.mark.parametrize("name", ["two dots", "exclamation mark", "line and its dot"])
def test_a_drawing_with_one_point_strokes_is_not_lost(name):
    assert picture(OTHERS[name]).max() == 1


def test_dots_alone_make_a_picture_of_dots():
    dots = [[[x, y]] for x in (0, 50) for y in (0, 50, 100)]
    assert picture(dots).sum() > 4 * math.pi * PEN_PX**2 / 4


def test_points_drawn_one_by_one_look_like_the_line_through_them():
    line = [[0, step] for step in range(0, 101, 2)]
    np.testing.assert_allclose(picture([[point] for point in line]), picture([line]), rtol=0, atol=0.35)


@pytest.mark.parametrize(
    "drawing", [[], [[]], [[], []], [[[3, 4]]], [[[3, 4]] * 50], [[[3, 4]], [[3, 4]]], [[[1e9, 1e-9]]]]
)
def test_no_ink_is_blank_and_so_is_a_dot(drawing):
    assert is_blank(strokes_from(drawing))


@pytest.mark.parametrize("drawing", [[[[0, 0], [1e-9, 0]]], [[[0, 0]], [[0, 1e-6]]], [[[1e308, 0], [-1e308, 0]]]])
def test_anything_longer_than_a_dot_is_not_blank(drawing):
    assert not is_blank(strokes_from(drawing))


@pytest.mark.parametrize("extent, blank", [(7.9, True), (8, False), (30, False)])
@pytest.mark.parametrize("x, y", [(1, 0), (0, 1), (1, 1), (1, 0.2)])
def test_a_drawing_smaller_than_min_extent_in_both_directions_is_blank(extent, blank, x, y):
    assert is_blank(strokes_from([[[100, 100], [100 + extent * x, 100 + extent * y]]], min_extent=8)) == blank


def test_the_extent_is_that_of_all_strokes_together():
    assert not is_blank(strokes_from([[[0, 0]], [[9, 0]]], min_extent=8))
