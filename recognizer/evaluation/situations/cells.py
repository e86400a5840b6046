"""Cells of tables, comb fields, and single lines of forms."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, level, photograph
from recognizer.evaluation.situations.fields import blank_form, fill, paler, write_in
from recognizer.evaluation.situations.frames import Frame, draw_grid
from recognizer.evaluation.situations.pens import write_digit
from recognizer.evaluation.situations.sheet import Sheet


def table_cell(random: np.random.Generator, digit: int) -> Picture:
    """A wide cell, its frame as dark as the digit."""
    sheet, frame, pen = blank_form(random, wide=random.uniform(1.4, 3.2))
    return fill(sheet, frame, pen, random, digit)


def table_cell_darker_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random, wide=random.uniform(1.4, 3.2))
    return fill(sheet, replace(frame, dark=random.uniform(0.7, 0.95)), paler(pen, random), random, digit)


def high_cell(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random, high=random.uniform(1.3, 2.2))
    return fill(sheet, frame, pen, random, digit)


def cell_with_its_neighbours_lines(random: np.random.Generator, digit: int) -> Picture:
    """A cell of a grid, cut too wide: its lines go on, and further lines follow."""
    sheet, frame, pen = blank_form(random, wide=random.choice([1.0, random.uniform(1, 2.5)]))
    gap = random.uniform(0.03, 0.22)
    far = random.uniform(0.02, 0.06)  # a further line of the next cell
    columns, rows = ([gap, side - gap, *_sometimes(side - gap + far, random)] for side in (sheet.wide, sheet.high))
    draw_grid(sheet, columns, rows, frame.width, frame.dark)
    return fill(sheet, replace(frame, gap=gap + 0.06, sides=""), pen, random, digit)


def comb(random: np.random.Generator, digit: int) -> Picture:
    """Two or three sides of a box, the upright ones often short."""
    sheet, frame, pen = blank_form(random)
    _fill_comb(sheet, frame, random)
    return fill(sheet, replace(frame, sides="b"), pen, random, digit)


def three_sides(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("lrb", "lrt", "ltb", "rtb"))


def two_sides(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("lr", "tb", "lb", "rb", "lt", "rt"))


def one_side(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("l", "r", "t", "b"))


def baseline(random: np.random.Generator, digit: int) -> Picture:
    """A line under the digit that ends within the picture or goes through it."""
    sheet, frame, pen = blank_form(random)
    size, start = random.uniform(0.4, 0.65), random.uniform(-0.1, 0.2)
    below = 0.5 + size / 2 + random.uniform(0.01, 0.12)
    sheet.darken(sheet.lines([((start, below), (1 - start, below))], frame.width), frame.dark)
    return write_in(sheet, pen, random, digit, size)


def dotted_baseline(random: np.random.Generator, digit: int) -> Picture:
    """Dots to write on."""
    sheet, frame, pen = blank_form(random)
    size = random.uniform(0.4, 0.65)
    below = 0.5 + size / 2 + random.uniform(-0.02, 0.1)
    radius = min(max(0.7 / sheet.side_px, frame.width / 2), 0.012)
    places = np.arange(-0.2, 1.2, random.uniform(3, 6) * radius)
    sheet.darken(sheet.discs((x, below, radius) for x in places), frame.dark)
    return write_in(sheet, pen, random, digit, size)


def printed_brackets(random: np.random.Generator, digit: int) -> Picture:
    """As in "( 7 )" or "[ 7 ]"."""
    sheet, frame, pen = blank_form(random, wide=random.uniform(1, 1.5))
    size, away = random.uniform(0.4, 0.6), random.uniform(0.3, 0.45)
    for sign, side in zip(random.choice(["()", "[]", "{}"]), (-1, 1), strict=True):
        sheet.darken(sheet.text(sign, sheet.wide / 2 + side * away, 0.5, size * random.uniform(0.9, 1.2)), frame.dark)
    return write_in(sheet, pen, random, digit, size)


def sum_with_a_written_result(random: np.random.Generator, digit: int) -> Picture:
    """A printed sum at the left, as in "3 + 4 =", and the digit after it."""
    sheet, frame, pen = blank_form(random, wide=2.2)
    first = int(random.integers(digit + 1))
    text = f"{first} + {digit - first} ="
    sheet.darken(sheet.text(text, 0.75, 0.5, random.uniform(0.25, 0.4)), frame.dark)
    write_digit(sheet, digit, pen, random, 1.75, 0.5, random.uniform(0.35, 0.6))
    return photograph(sheet, level(any_camera(random), 4), random)


def row_of_boxes_with_one_filled(random: np.random.Generator, digit: int) -> Picture:
    """Two to five boxes that touch."""
    count = int(random.integers(2, 6))
    sheet, frame, pen = blank_form(random, wide=0.7 * count + 0.3)
    columns = [0.15 + 0.7 * index for index in range(count + 1)]
    lines = [((x, 0.15), (x, 0.85)) for x in columns] + [((0.15, y), (columns[-1], y)) for y in (0.15, 0.85)]
    sheet.darken(sheet.lines(lines, min(frame.width, 0.025)), frame.dark)
    x, size = 0.5 + 0.7 * random.integers(count), random.uniform(0.35, 0.5)
    write_digit(sheet, digit, pen, random, x, 0.5, size)
    return photograph(sheet, level(any_camera(random), 4), random)


def _some_sides(random: np.random.Generator, digit: int, choices: tuple[str, ...]) -> Picture:
    """The lines end at the corners, or go on through the picture. A single line always goes on."""
    sheet, frame, pen = blank_form(random)
    sides = str(random.choice(choices))
    over = 1.0 if len(sides) == 1 or random.random() < 0.5 else 0.0
    return fill(sheet, replace(frame, sides=sides, over=over), pen, random, digit)


def _fill_comb(sheet: Sheet, frame: Frame, random: np.random.Generator) -> None:
    top = random.uniform(0.4, 0.9)
    ends = [(x, sheet.high - frame.gap) for x in (frame.gap, sheet.wide - frame.gap)]
    sheet.darken(sheet.lines([((x, y * top), (x, y)) for x, y in ends], frame.width), frame.dark)


def _sometimes(number: float, random: np.random.Generator) -> list[float]:
    return [number] if random.random() < 0.5 else []


READ = (
    table_cell,
    table_cell_darker_than_the_digit,
    high_cell,
    cell_with_its_neighbours_lines,
    comb,
    three_sides,
    two_sides,
    one_side,
    baseline,
    dotted_baseline,
)
EITHER = (printed_brackets, sum_with_a_written_result, row_of_boxes_with_one_filled)
