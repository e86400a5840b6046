"""A line's strokes and ink go to the characters that they belong to."""

import numpy as np

from recognizer.numbers.cutting import InkCutter, StrokesCutter

CENTRES = np.array([10.0, 30.0, 50.0])


def upright(x: float) -> np.ndarray:
    return np.array([[x, 3.0], [x, 29.0]])


def across(start: float, end: float, y: float = 5.0) -> np.ndarray:
    return np.stack([np.linspace(start, end, 9), np.full(9, y)], 1)


def strokes_of(way: list) -> list[list[int]]:
    return [[piece.stroke for piece in pieces] for pieces in way]


def test_strokes_apart_go_to_the_nearest_character_in_any_order():
    ways = StrokesCutter([upright(52), upright(9), upright(31), across(6, 14)]).cut(CENTRES)
    assert [strokes_of(way) for way in ways] == [[[1, 3], [2], [0]]]


def test_a_stroke_between_two_characters_may_belong_to_either_or_both():
    ways = StrokesCutter([upright(10), upright(30), upright(50), across(12, 28)]).cut(CENTRES)
    assert [strokes_of(way) for way in ways] == [
        [[0, 3], [1], [2]],
        [[0], [1, 3], [2]],
        [[0, 3], [1, 3], [2]],
    ]


def test_a_stroke_through_two_characters_is_cut_if_one_has_no_other():
    joined = np.concatenate([upright(10), upright(30)])
    first, *_ = StrokesCutter([joined, upright(50)]).cut(CENTRES)
    assert strokes_of(first) == [[0], [0], [1]]
    left, right = first[0][0].points, first[1][0].points
    assert left[:, 0].max() <= 21
    assert right[:, 0].min() >= 19


def test_ink_apart_is_not_cut():
    picture = np.zeros((32, 64), np.uint8)
    picture[4:28, 8:12] = picture[4:28, 48:52] = 255
    picture[4:28, 28:32] = 255
    picture[4:8, 12:24] = 255  # the bar of a 7 reaches over the middle
    first, second, third = InkCutter(picture).cut(CENTRES)
    assert first[4:8, 8:24].all()
    assert not first[:, 25:].any()
    assert second[4:28, 28:32].all() and not second[:, :25].any()
    assert third[4:28, 48:52].all() and not third[:, :45].any()


def test_touching_ink_is_cut_where_the_line_is_thinnest():
    picture = np.zeros((32, 64), np.uint8)
    for middle in (10, 30, 50):
        picture[4:28, middle - 6 : middle + 6] = 255
    picture[15:17, 10:50] = 255
    parts = InkCutter(picture).cut(CENTRES)
    assert np.allclose(sum(parts), picture / 255)
    for part, middle in zip(parts, (10, 30, 50), strict=True):
        assert (part[4:28, middle - 6 : middle + 6] == 1).all()
        assert not part[4:14, [column for column in range(64) if abs(column + 0.5 - middle) > 7]].any()
