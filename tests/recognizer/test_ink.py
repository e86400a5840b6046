"""Valid ink, and all that is refused: wrong types, nesting, numbers and shapes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import InkError, RecognizerError
from recognizer.ink import pixels_from, strokes_from

LINE = [[0, 0], [3, 4]]


def kind(value):
    return type(value).__name__


@pytest.mark.parametrize(
    "stroke",
    [
        LINE,
        [(0, 0), (3, 4)],
        ((0.0, 0.0), (3.0, 4.0)),
        [[0, 0, 17], [3, 4, 33]],
        [[0, 0, "pen", None], [3, 4, "pen", None]],
        [np.array([0, 0]), np.array([3, 4])],
        np.array(LINE),
        np.array(LINE, np.float32),
        np.array(LINE, np.uint8),
        np.array([[0, 0, 1, 0.5], [3, 4, 2, 0.5]]),
        [[np.float32(0), np.int64(0)], [np.float16(3), np.uint8(4)]],
    ],
    ids=[
        "lists",
        "tuples in a list",
        "tuples",
        "third numbers",
        "text behind numbers",
        "arrays in a list",
        "array",
        "float32",
        "uint8",
        "four columns",
        "mixed numbers",
    ],
)
def test_a_stroke_may_be_lists_tuples_or_arrays_with_more_columns(stroke):
    (read,) = strokes_from([stroke]).strokes
    np.testing.assert_array_equal(read, LINE)
    assert read.dtype == np.float64


@pytest.mark.parametrize(
    "drawing",
    [[], (), [[]], [np.empty((0, 2))], np.zeros((2, 3, 2)), iter([LINE])],
    ids=["list", "tuple", "empty stroke", "empty array", "array", "iterator"],
)
def test_empty_drawings_arrays_and_iterators_are_drawings(drawing):
    assert all(stroke.shape[1:] == (2,) for stroke in strokes_from(drawing).strokes)


def test_one_point_makes_a_stroke():
    assert strokes_from([[[5, 6]]]).strokes[0].shape == (1, 2)


@pytest.mark.parametrize(
    "drawing",
    [None, 7, 1.5, True, "[[0, 0]]", b"\0\0", {"strokes": []}, {}, object(), math.nan, np.array(5.0)],
    ids=["None", "int", "float", "bool", "text", "bytes", "dict", "empty dict", "object", "nan", "array of none"],
)
def test_a_drawing_that_is_no_list_is_refused(drawing):
    with pytest.raises(InkError, match="a drawing is a list of strokes"):
        strokes_from(drawing)


@pytest.mark.parametrize("stroke", [None, 7, True, "12", b"12", {"x": 1}, {1, 2}, object()], ids=kind)
def test_a_stroke_that_is_no_list_is_refused(stroke):
    with pytest.raises(InkError, match="a stroke is a list"):
        strokes_from([stroke])


@pytest.mark.parametrize(
    "point",
    [None, 7, True, "12", b"12", {"x": 1, "y": 2}, {1, 2}, [], [1], (), np.array([1.0]), np.array(1.0)],
    ids=["None", "int", "bool", "text", "bytes", "dict", "set", "[]", "[1]", "()", "array of one", "array of none"],
)
def test_a_point_that_is_no_pair_is_refused(point):
    with pytest.raises(InkError, match="a point is"):
        strokes_from([[[0, 0], point]])


@pytest.mark.parametrize(
    "number",
    [None, True, False, "1", "nan", b"1", [1], {}, 1j, np.True_, np.array([1]), object()],
    ids=["None", "True", "False", "text", "nan", "bytes", "list", "dict", "complex", "numpy bool", "array", "object"],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_a_coordinate_that_is_no_number_is_refused(number, axis):
    point = [0, 0]
    point[axis] = number
    with pytest.raises(InkError, match="a coordinate must be a number, not"):
        strokes_from([[[0, 0], point]])


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf")])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_coordinate_that_is_not_finite_is_refused(number, axis):
    point = [0, 0]
    point[axis] = number
    with pytest.raises(InkError, match="not a finite number"):
        strokes_from([[[0, 0], point]])
    with pytest.raises(InkError, match="not a finite number"):
        strokes_from([np.array([[0, 0], point], float)])


@pytest.mark.parametrize("number", [10**400, -(10**400)], ids=["positive", "negative"])
def test_an_integer_beyond_float64_is_refused(number):
    with pytest.raises(InkError, match="too large"):
        strokes_from([[[number, 0], [1, 1]]])


def test_a_time_that_is_not_finite_does_not_matter():
    assert strokes_from([np.array([[0, 0, np.nan], [3, 4, np.inf]])]).strokes[0].tolist() == LINE


@pytest.mark.parametrize(
    "stroke",
    [
        np.zeros(4),
        np.zeros((4, 1)),
        np.zeros((2, 2, 2)),
        np.array(3.0),
        np.zeros((2, 2), bool),
        np.zeros((2, 2), complex),
        np.array([["1", "2"]]),
        np.array([[1, None]], object),
        np.zeros((2, 2), "datetime64[s]"),
    ],
    ids=lambda stroke: f"{stroke.dtype} {stroke.shape}",
)
def test_an_array_of_another_shape_or_kind_is_refused(stroke):
    with pytest.raises(InkError, match=r"a stroke must be an \(n, 2 or more\) array of numbers"):
        strokes_from([stroke])


@pytest.mark.parametrize("drawing", [LINE, [[[LINE]]], [0, 1], [[0, 1]], [[[[0], [1]]]]], ids=repr)
def test_wrong_nesting_is_refused(drawing):
    with pytest.raises(InkError):
        strokes_from(drawing)


def test_very_deep_nesting_is_refused():
    nested: list = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(InkError):
        strokes_from(nested)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_read_or_refused_with_one_error(content):
    try:
        strokes = strokes_from(content).strokes
    except InkError:
        return
    assert all(stroke.shape[1:] == (2,) and np.isfinite(stroke).all() for stroke in strokes)


def test_the_callers_array_is_not_changed():
    mine = np.array(LINE, np.float64)
    strokes_from([mine]).strokes[0][:] = 99
    assert mine.tolist() == LINE


@pytest.mark.parametrize("shape", [(2, 2), (2, 4096), (4096, 2), (28, 28)])
def test_a_picture_has_2_to_4096_px_a_side(shape):
    assert pixels_from(np.zeros(shape, np.uint8)).image.shape == shape


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 28), (28, 1), (0, 28), (28, 0), (4097, 2), (2, 4097)])
def test_a_picture_of_another_size_is_refused_with_its_size(shape):
    with pytest.raises(InkError, match=f"2 to 4,096 px a side, not {shape[1]}x{shape[0]}"):
        pixels_from(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int64, np.float32, np.float64, object, "U1"])
def test_a_picture_of_another_type_is_refused(dtype):
    with pytest.raises(InkError, match="decode reads files"):
        pixels_from(np.zeros((28, 28), dtype))


@pytest.mark.parametrize("shape", [(), (28,), (28, 28, 1), (28, 28, 3), (1, 28, 28), (28, 28, 4)])
def test_a_picture_of_another_rank_is_refused(shape):
    with pytest.raises(InkError, match=r"\(H, W\) array of uint8, not uint8"):
        pixels_from(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    "image", [None, [[0, 1], [2, 3]], b"\x89PNG", "data:image/png;base64,", 7, {}, np.uint8(3)], ids=kind
)
def test_a_picture_that_is_not_an_array_is_refused(image):
    with pytest.raises(InkError, match=r"\(H, W\) array of uint8"):
        pixels_from(image)


def test_the_error_is_one_of_the_library_and_a_value_error():
    assert issubclass(InkError, RecognizerError) and issubclass(InkError, ValueError)
    assert str(InkError("wrong", 3)) == "item 3: wrong" and str(InkError("wrong")) == "wrong"


def test_arrays_of_other_kinds_are_read_by_their_values():
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    for stroke in (points.view(np.matrix), np.ma.masked_less(points, 2), memoryview(points)):  # type: ignore[arg-type]
        (taken,) = strokes_from([stroke]).strokes
        assert type(taken) is np.ndarray and (taken == points).all()
    with pytest.raises(InkError, match="not a finite number"):
        strokes_from([np.ma.masked_invalid([[1.0, np.nan], [3.0, 4.0]])])
    assert type(pixels_from(np.zeros((9, 9), np.uint8).view(np.matrix)).image) is np.ndarray
