"""The rule that thins long drawings before they enter the graph."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.doors import StrokesDoor
from recognizer.doors.strokes import MOST_SEGMENTS, MOST_STROKES, normalise, segments_of, thin
from recognizer.ink import strokes_from
from tests.golden.drawings import DIGITS, dense


@st.composite
def long_drawing(draw, most_strokes=6, most_points=900):
    """Drawings with numbers of many sizes, repeated points and strokes of one point."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    counts = draw(st.lists(st.integers(1, most_points), min_size=1, max_size=most_strokes))
    unit, few = 10 ** draw(st.floats(-6, 9)), draw(st.booleans())
    return [(random.integers(0, 3, (n, 2)) if few else random.normal(size=(n, 2))) * unit for n in counts]


@st.composite
def many_strokes(draw):
    count, longer = draw(st.integers(200, 900)), draw(st.integers(1, 3))
    return [np.array([[index, 0.0], [index, index % 7]])[: 1 + index % longer] for index in range(count)]


def points(strokes):
    return sum(map(len, strokes))


@given(long_drawing() | many_strokes())
def test_at_most_512_segments_enter_the_graph(strokes):
    segments = segments_of(strokes_from(strokes))
    assert 1 <= len(segments) <= MOST_SEGMENTS
    assert np.isfinite(segments).all() and segments.min() >= 0 and segments.max() <= 1


@given(long_drawing())
def test_each_stroke_keeps_its_ends_and_loses_only_points(strokes):
    before = normalise(strokes)
    for old, new in zip(before, thin(before), strict=True):
        np.testing.assert_array_equal(new[[0, -1]], old[[0, -1]])
        assert set(map(tuple, new)) <= set(map(tuple, old))


@given(st.integers(1, 512))
def test_a_drawing_of_up_to_512_segments_is_not_thinned(count):
    strokes = [np.column_stack([np.arange(count + 1.0), np.arange(count + 1.0) % 7])]
    assert points(thin(strokes)) == count + 1


def test_a_drawing_of_513_segments_is_thinned():
    assert points(thin([np.column_stack([np.arange(514.0), np.zeros(514)])])) < 514


@pytest.mark.parametrize("count", [257, 300, 1000])
def test_too_many_strokes_are_reduced_to_256_evenly_chosen_ones(count):
    strokes = [np.array([[index, 0.0], [index, 1.0], [index, 2.0]]) for index in range(count)]
    kept = [int(stroke[0, 0]) for stroke in thin(strokes)]
    assert kept == [index * count // MOST_STROKES for index in range(MOST_STROKES)]


def test_512_dots_all_stay():
    assert len(thin([np.array([[float(index), 0.0]]) for index in range(512)])) == 512


def test_points_in_one_place_do_not_use_up_the_segments():
    resting = [[0.0, 0.0]] * 5000
    line = dense([[0, 0], [50, 100], [100, 0]], step=0.5)
    assert len(segments_of(strokes_from([resting + line]))) > 250


@pytest.mark.parametrize("name", DIGITS)
def test_a_thinned_drawing_looks_like_the_whole(name):
    whole = DIGITS[name]
    long = [dense(stroke, step=0.05) for stroke in whole]
    assert points(long) > 2000
    pictures = StrokesDoor()([strokes_from(whole), strokes_from(long)])
    np.testing.assert_allclose(pictures[1], pictures[0], rtol=0, atol=0.05)


def test_100_000_points_take_little_memory(tiny):
    angle = np.linspace(0, 60, 100_000)
    spiral = np.column_stack([angle * np.cos(angle), angle * np.sin(angle)])
    tracemalloc.start()
    (answer,) = tiny.predict_strokes([[spiral]])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.seen.max() == 255 and peak < 50e6


def test_100_000_dots_become_one_picture(tiny):
    dots = np.random.default_rng(0).uniform(0, 100, (100_000, 1, 2))
    (answer,) = tiny.predict_strokes([list(dots)])
    assert answer.seen.max() == 255
