"""A line's strokes and ink go to the characters that they belong to."""

from itertools import pairwise

import numpy as np

from recognizer.numbers.cutting import InkCutter, InkPiece, Piece, StrokesCutter, has_beside
from recognizer.numbers.line_pictures import FINER

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
    first, second, third = cut_ink(picture)
    assert first[4:8, 8:24].all()
    assert not first[:, 25:].any()
    assert second[4:28, 28:32].all() and not second[:, :25].any()
    assert third[4:28, 48:52].all() and not third[:, :45].any()


def test_touching_ink_is_cut_where_the_line_is_thinnest():
    picture = np.zeros((32, 64), np.uint8)
    for middle in (10, 30, 50):
        picture[4:28, middle - 6 : middle + 6] = 255
    picture[15:17, 10:50] = 255
    parts = cut_ink(picture)
    assert np.allclose(sum(parts), picture / 255)
    for part, middle in zip(parts, (10, 30, 50), strict=True):
        assert (part[4:28, middle - 6 : middle + 6] == 1).all()
        assert not part[4:14, [column for column in range(64) if abs(column + 0.5 - middle) > 7]].any()


def test_ink_that_a_cut_crosses_is_cut_in_several_places():
    """The cheapest cut is tried, and one through each quarter of the space."""
    picture = np.zeros((32, 64), np.uint8)
    picture[4:28, 6:34] = 255
    left, right, alone = pieces_of(picture, CENTRES)
    assert [len(left), len(left[0]), len(right), len(right[0])] == [1, 5, 5, 1]
    whole = finer(picture)
    widths = [piece.ink.max(0).sum() / FINER for piece in left[0]]
    assert min(widths) <= 10 and max(widths) >= 15
    for piece, (rest,) in zip(left[0], right, strict=True):
        assert piece.is_cut and rest.is_cut
        assert np.allclose(in_place(piece, whole.shape) + in_place(rest, whole.shape), whole)
    assert not alone[0][0].is_cut and not alone[0][0].ink.any()


def test_each_digit_of_a_long_row_that_touches_gets_its_ink():
    """Each has a small share of their one part."""
    centres = np.arange(18.0, 258.0, 20.0)
    picture = np.zeros((32, 256), np.uint8)
    for middle in centres.astype(int):
        picture[4:28, middle - 6 : middle + 6] = 255
    picture[15:17, 18:238] = 255
    for character in pieces_of(picture, centres):
        assert abs(character[0][0].ink.sum() / FINER**2 - 24 * 12 - 2 * 4) < 40


def test_a_stroke_beside_the_longest_one_is_seen():
    body = Piece(upright(20), 0)
    hat, point = Piece(across(16, 24), 1), Piece(np.array([[25.0, 28.0]]), 2)
    assert not has_beside([body]) and not has_beside([]) and not has_beside([body, hat])
    assert has_beside([body, hat, point])


def finer(picture: np.ndarray) -> np.ndarray:
    return (picture / 255).astype(np.float32).repeat(FINER, 0).repeat(FINER, 1)


def cut_ink(picture: np.ndarray) -> list[np.ndarray]:
    """Return the ink of each character at the cheapest seams, in the picture's own size."""
    shape = finer(picture).shape
    return [in_place(character[0][0], shape)[::FINER, ::FINER] for character in pieces_of(picture, CENTRES)]


def pieces_of(picture: np.ndarray, centres: np.ndarray) -> list[list[list[InkPiece]]]:
    """Return the ink of each character, for each seam on its left and each on its right."""
    cutter = InkCutter(picture, finer(picture))
    return [
        [[cutter.piece(left, right) for right in after] for left in before]
        for before, after in pairwise(cutter.cut(centres))
    ]


def in_place(piece: InkPiece, shape: tuple[int, ...]) -> np.ndarray:
    ink = np.zeros(shape, np.float32)
    ink[:, piece.left : piece.left + piece.ink.shape[1]] = piece.ink
    return ink
