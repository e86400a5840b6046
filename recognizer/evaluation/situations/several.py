"""Several digits, or a piece of the next."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, photograph, screen
from recognizer.evaluation.situations.hands import Points, write
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, any_pen, ink_of, place, write_digit
from recognizer.evaluation.situations.sheet import Sheet, box_of

LEAST_PIECE, SMALL_PIECE, LARGE_PIECE = 0.08, 0.25, 0.5  # of the next digit's width


def two_side_by_side(random: np.random.Generator, digit: int) -> Picture:
    return _beside(random, digit, random.uniform(0.05, 0.8))


def two_that_touch(random: np.random.Generator, digit: int) -> Picture:
    return _beside(random, digit, random.uniform(-0.12, 0.0))


def two_of_which_one_is_a_1(random: np.random.Generator, digit: int) -> Picture:
    """As in 10, 17 or 41."""
    pair = (1, digit) if random.random() < 0.5 else (digit, 1)
    return _row(random, pair, random.uniform(0.1, 0.6))


def two_one_above_the_other(random: np.random.Generator, digit: int) -> Picture:
    size, other = random.uniform(0.25, 0.4), int(random.integers(10))
    sheet, pen = paper(random, size), any_pen(random)
    apart = size * (1 + random.uniform(0.08, 0.5)) / 2
    for number, side in ((digit, -1), (other, 1)):
        write_digit(sheet, number, pen, random, 0.5 + random.uniform(-0.05, 0.05), 0.5 + side * apart, size)
    return photograph(sheet, any_camera(random), random)


def number_of_three_or_more(random: np.random.Generator, digit: int) -> Picture:
    count = int(random.integers(3, 7))
    return _row(random, [digit, *random.integers(0, 10, count - 1).tolist()], random.uniform(0.1, 0.4))


def column_of_digits(random: np.random.Generator, digit: int) -> Picture:
    """Three to nine below each other."""
    count = int(random.integers(3, 10))
    size = 0.9 / count / random.uniform(1.15, 1.5)
    sheet, pen = paper(random, size), any_pen(random)
    x, step = random.uniform(0.15, 0.85), 0.9 / count
    for index, number in enumerate([digit, *random.integers(0, 10, count - 1).tolist()]):
        write_digit(sheet, number, pen, random, x + random.uniform(-0.02, 0.02), 0.05 + step * (index + 0.5), size)
    return photograph(sheet, any_camera(random), random)


def two_on_a_tiny_picture(random: np.random.Generator, digit: int) -> Picture:
    """28 to 40 px, light on dark or dark on light, thin or thick."""
    sheet = Sheet(255, round(random.uniform(28, 40)))
    pen, size = Pen(random.uniform(0.06, 0.14), random.uniform(0.8, 1)), random.uniform(0.45, 0.7)
    first = 1 if random.random() < 0.4 else digit
    for number, x in ((first, 0.25), (int(random.integers(10)), 0.72)):
        _narrow(sheet, number, pen, random, (x, 0.5), size)
    picture = photograph(sheet, screen(random), random)
    return picture if random.random() < 0.5 else 255 - picture


def two_far_apart(random: np.random.Generator, digit: int) -> Picture:
    """In two places of a page, of two sizes."""
    size = random.uniform(0.15, 0.25)
    sheet, pen = paper(random, size), any_pen(random)
    x, y = random.uniform(0.2, 0.3, 2)
    write_digit(sheet, digit, pen, random, x, y, size)
    other = size * random.uniform(0.6, 1.4)
    write_digit(sheet, int(random.integers(10)), pen, random, 1 - x, random.uniform(0.25, 0.75), other)
    return photograph(sheet, any_camera(random), random)


def small_piece_of_the_next_digit(random: np.random.Generator, digit: int) -> Picture:
    """8 to 25 % of its width."""
    return _with_a_piece(random, digit, random.uniform(LEAST_PIECE, SMALL_PIECE))


def large_piece_of_the_next_digit(random: np.random.Generator, digit: int) -> Picture:
    """25 to 50 % of its width."""
    return _with_a_piece(random, digit, random.uniform(SMALL_PIECE, LARGE_PIECE))


def pieces_on_both_sides(random: np.random.Generator, digit: int) -> Picture:
    return _with_a_piece(random, digit, random.uniform(LEAST_PIECE, 0.3), sides=(-1, 1))


def _beside(random: np.random.Generator, digit: int, gap: float) -> Picture:
    return _row(random, (digit, int(random.integers(10))), gap)


def _row(random: np.random.Generator, digits: Sequence[int], gap: float) -> Picture:
    """Write digits in a row. gap: between their boxes, in heights."""
    size = min(0.6, 1.5 / len(digits)) * random.uniform(0.5, 0.9)
    written = [write(number, random) for number in digits]
    widths = [float(np.ptp(np.concatenate(strokes)[:, 0])) * size for strokes in written]
    pen = any_pen(random)
    whole = sum(widths) + (len(digits) - 1) * gap * size
    sheet = paper(random, size, max(1.0, whole + 0.3))
    x = (sheet.wide - whole) / 2
    for strokes, width in zip(written, widths, strict=True):
        at = (x + width / 2, 0.5 + random.uniform(-0.02, 0.02))
        _draw(sheet, place(strokes, *at, size), pen, random, size)
        x += width + gap * size
    return photograph(sheet, any_camera(random), random)


def _with_a_piece(random: np.random.Generator, digit: int, share: float, sides: Sequence[int] | None = None) -> Picture:
    """A crop that also holds a share of the width of the next digit, at its right or left edge, or both."""
    size = random.uniform(0.55, 0.75)
    sheet, pen = paper(random, size), any_pen(random)
    left, top, right, bottom = box_of(write_digit(sheet, digit, pen, random, 0.5, 0.5, size), sheet)
    gap = size * random.uniform(0.08, 0.25)
    edges = {-1: left - gap * 1.5, 1: right + gap * 1.5}
    for side in sides or [random.choice([-1, 1])]:
        strokes = write(int(random.choice([0, 2, 3, 4, 5, 6, 7, 8, 9])), random)
        width = float(np.ptp(np.concatenate(strokes)[:, 0])) * size
        middle = right + gap + width / 2 if side == 1 else left - gap - width / 2
        _draw(sheet, place(strokes, middle, 0.5, size), pen, random, size)
        edges[side] = middle - side * width * (0.5 - share)
    sheet.crop(edges[-1], max(0, top - gap), edges[1], min(1, bottom + gap))
    return photograph(sheet, replace(any_camera(random), perspective=0.0, tilt_deg=0.0), random)


def _draw(sheet: Sheet, strokes: list[Points], pen: Pen, random: np.random.Generator, size: float) -> None:
    width = max(pen.width * size, 1.2 / sheet.side_px)
    sheet.darken(ink_of(sheet, strokes, pen, random, width), pen.dark)


def _narrow(
    sheet: Sheet, digit: int, pen: Pen, random: np.random.Generator, at: tuple[float, float], size: float
) -> None:
    """Write a digit that is at most 0.38 wide."""
    strokes = place(write(digit, random), 0, 0, size)
    wide = float(np.ptp(np.concatenate(strokes)[:, 0]))
    squeezed = [stroke * (min(1, 0.38 / max(wide, 1e-6)), 1) + at for stroke in strokes]
    _draw(sheet, squeezed, pen, random, size)


READ = (small_piece_of_the_next_digit,)
EITHER = (large_piece_of_the_next_digit, pieces_on_both_sides)
DECLINE = (
    two_side_by_side,
    two_that_touch,
    two_of_which_one_is_a_1,
    two_one_above_the_other,
    number_of_three_or_more,
    column_of_digits,
    two_on_a_tiny_picture,
    two_far_apart,
)
