"""Boxes, cells and lines that forms are printed with."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, level, photograph
from recognizer.evaluation.situations.frames import Frame, any_frame, draw_frame, draw_grid
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, dark_pen, write_digit
from recognizer.evaluation.situations.sheet import Sheet, rectangle

LEAST_DIGIT = 0.3  # in shorter sides: room that the widest gap leaves


def box(random: np.random.Generator, digit: int) -> Picture:
    """A printed box, about as dark as the digit."""
    sheet, frame, pen = _form(random)
    return _fill(sheet, frame, pen, random, digit)


def box_of_thin_lines(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random)
    return _fill(sheet, replace(frame, width=1.2 / sheet.side_px), pen, random, digit)


def box_darker_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    """Two inks: a blue pen or a pencil beside black print."""
    sheet, frame, pen = _form(random)
    return _fill(sheet, replace(frame, dark=random.uniform(0.7, 0.95)), paler(pen, random), random, digit)


def box_paler_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    """A drop-out colour."""
    sheet, frame, pen = _form(random)
    return _fill(sheet, replace(frame, dark=pen.dark * random.uniform(0.15, 0.6)), pen, random, digit)


def box_of_dashes_or_dots(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random)
    dash = random.choice([0.001, random.uniform(0.02, 0.08)])
    pause = random.uniform(1.5, 3) * frame.width + random.uniform(0, 0.03)
    return _fill(sheet, replace(frame, dash=dash, pause=pause), pen, random, digit)


def box_of_double_lines(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random)
    width = min(frame.width, 0.015)
    return _fill(sheet, replace(frame, width=width, double=width * random.uniform(2, 3.5)), pen, random, digit)


def box_with_round_corners(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random)
    return _fill(sheet, replace(frame, radius=random.uniform(0.04, 0.16)), pen, random, digit)


def box_open_at_a_corner(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random)
    return _fill(sheet, replace(frame, open=random.uniform(0.03, 0.2)), pen, random, digit)


def box_drawn_by_hand(random: np.random.Generator, digit: int) -> Picture:
    """With the same pen as the digit, or another."""
    sheet, frame, pen = _form(random)
    gap = max(frame.gap, 0.03)
    return _fill(sheet, replace(frame, gap=gap, wobble=random.uniform(0.004, 0.015), dark=pen.dark), pen, random, digit)


def box_far_from_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """A small box with much paper around it, as in a photo of a form."""
    sheet, frame, pen = _form(random, least=0.2)
    return _fill(sheet, replace(frame, gap=random.uniform(0.2, 0.3)), pen, random, digit)


def box_that_the_digit_touches(random: np.random.Generator, digit: int) -> Picture:
    """A digit nearly as high as its box, touching or crossing a line."""
    sheet, frame, pen = _form(random)
    return _fill(sheet, frame, pen, random, digit, sizes=(0.95, 1.05), shift=0.05)


def box_with_a_gray_ground(random: np.random.Generator, digit: int) -> Picture:
    """A box whose inside is darker or lighter than the paper around it."""
    sheet, frame, pen = _form(random)
    gap = max(frame.gap, 0.03)
    inside = sheet.polygon(rectangle(gap, gap, sheet.wide - gap, sheet.high - gap))
    sheet.darken(inside, random.uniform(0.08, 0.25) * random.choice([-0.6, 1]))
    return _fill(sheet, replace(frame, gap=gap, dark=random.uniform(0, 0.8)), pen, random, digit)


def table_cell(random: np.random.Generator, digit: int) -> Picture:
    """A wide cell, its frame as dark as the digit."""
    sheet, frame, pen = _form(random, wide=random.uniform(1.4, 3.2))
    return _fill(sheet, frame, pen, random, digit)


def table_cell_darker_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random, wide=random.uniform(1.4, 3.2))
    return _fill(sheet, replace(frame, dark=random.uniform(0.7, 0.95)), paler(pen, random), random, digit)


def high_cell(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = _form(random, high=random.uniform(1.3, 2.2))
    return _fill(sheet, frame, pen, random, digit)


def cell_with_its_neighbours_lines(random: np.random.Generator, digit: int) -> Picture:
    """A cell of a grid, cut too wide: its lines go on, and further lines follow."""
    sheet, frame, pen = _form(random, wide=random.choice([1.0, random.uniform(1, 2.5)]))
    gap = random.uniform(0.03, 0.22)
    far = random.uniform(0.02, 0.06)  # a further line of the next cell
    columns, rows = ([gap, side - gap, *_sometimes(side - gap + far, random)] for side in (sheet.wide, sheet.high))
    draw_grid(sheet, columns, rows, frame.width, frame.dark)
    return _fill(sheet, replace(frame, gap=gap, sides="", double=0.06), pen, random, digit)


def comb(random: np.random.Generator, digit: int) -> Picture:
    """Two or three sides of a box, the upright ones often short."""
    sheet, frame, pen = _form(random)
    _fill_comb(sheet, frame, random)
    return _fill(sheet, replace(frame, sides="b"), pen, random, digit)


def three_sides(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("lrb", "lrt", "ltb", "rtb"))


def two_sides(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("lr", "tb", "lb", "rb", "lt", "rt"))


def one_side(random: np.random.Generator, digit: int) -> Picture:
    return _some_sides(random, digit, ("l", "r", "t", "b"))


def baseline(random: np.random.Generator, digit: int) -> Picture:
    """A line under the digit that ends within the picture or goes through it."""
    sheet, frame, pen = _form(random)
    size, start = random.uniform(0.4, 0.65), random.uniform(-0.1, 0.2)
    below = 0.5 + size / 2 + random.uniform(0.01, 0.12)
    sheet.darken(sheet.lines([((start, below), (1 - start, below))], frame.width), frame.dark)
    return _write(sheet, pen, random, digit, size)


def box_with_a_small_number(random: np.random.Generator, digit: int) -> Picture:
    """A box with its number, as "3a", in tiny print in a corner."""
    sheet, frame, pen = _form(random, most_gap=0.12)
    inside = frame.inside + 0.03
    for index, sign in enumerate(str(random.integers(1, 99)) + random.choice(["", "a", ")", "."])):
        at = (inside + 0.03 + 0.06 * index, inside + 0.045)
        sheet.darken(sheet.text(sign, *at, 0.09), frame.dark)
    return _fill(sheet, frame, pen, random, digit, sizes=(0.5, 0.62), down=0.08)


def box_with_a_printed_word(random: np.random.Generator, digit: int) -> Picture:
    """A word above the box or at its left, as in "Age"."""
    sheet, frame, pen = _form(random, wide=random.uniform(1, 1.6))
    frame = replace(frame, gap=random.uniform(0.2, 0.25))
    word = str(random.choice(["Age", "Number", "Class", "Points", "Room", "Sum"]))
    sheet.darken(sheet.text(word, sheet.wide / 2, random.uniform(0.07, 0.1), random.uniform(0.08, 0.12)), frame.dark)
    return _fill(sheet, frame, pen, random, digit)


def row_of_boxes_with_one_filled(random: np.random.Generator, digit: int) -> Picture:
    """Two to five boxes that touch."""
    count = int(random.integers(2, 6))
    sheet, frame, pen = _form(random, wide=0.7 * count + 0.3)
    columns = [0.15 + 0.7 * index for index in range(count + 1)]
    lines = [((x, 0.15), (x, 0.85)) for x in columns] + [((0.15, y), (columns[-1], y)) for y in (0.15, 0.85)]
    sheet.darken(sheet.lines(lines, min(frame.width, 0.025)), frame.dark)
    x, size = 0.5 + 0.7 * random.integers(count), random.uniform(0.35, 0.5)
    write_digit(sheet, digit, pen, random, x, 0.5, size)
    return photograph(sheet, level(any_camera(random), 4), random)


def _form(
    random: np.random.Generator,
    wide: float = 1.0,
    high: float = 1.0,
    least: float = LEAST_DIGIT,
    most_gap: float | None = None,
) -> tuple[Sheet, Frame, Pen]:
    """Return a sheet, a frame as dark as the pen, and the pen."""
    sheet, pen = paper(random, least, wide, high), dark_pen(random)
    frame = replace(any_frame(random, sheet.side_px), dark=min(0.95, pen.dark * random.uniform(0.85, 1.1)))
    return sheet, replace(frame, gap=min(frame.gap, most_gap or 1)), pen


def _fill(
    sheet: Sheet,
    frame: Frame,
    pen: Pen,
    random: np.random.Generator,
    digit: int,
    sizes: tuple[float, float] = (0.5, 0.85),
    shift: float = 0.0,
    down: float = 0.0,
) -> Picture:
    """Draw the frame and write into it. sizes: of the digit, in sides of the paper inside."""
    draw_frame(sheet, frame, random)
    room = min(sheet.wide, sheet.high) - 2 * frame.inside
    size = room * random.uniform(*sizes)
    return _write(sheet, pen, random, digit, size, shift or max(0.0, (room - size) / 2 - 0.02), down)


def _write(
    sheet: Sheet, pen: Pen, random: np.random.Generator, digit: int, size: float, shift: float = 0.0, down: float = 0.0
) -> Picture:
    x, y = np.array([sheet.wide, sheet.high]) / 2 + random.uniform(-shift, shift, 2)
    write_digit(sheet, digit, pen, random, x, y + down, size)
    return photograph(sheet, level(any_camera(random), 4), random)


def paler(pen: Pen, random: np.random.Generator) -> Pen:
    return replace(pen, dark=random.uniform(0.25, 0.55))


def _some_sides(random: np.random.Generator, digit: int, choices: tuple[str, ...]) -> Picture:
    """The lines end at the corners, or go on through the picture. A single line always goes on."""
    sheet, frame, pen = _form(random)
    sides = str(random.choice(choices))
    over = 1.0 if len(sides) == 1 or random.random() < 0.5 else 0.0
    return _fill(sheet, replace(frame, sides=sides, over=over), pen, random, digit)


def _fill_comb(sheet: Sheet, frame: Frame, random: np.random.Generator) -> None:
    top = random.uniform(0.4, 0.9)
    ends = [(x, sheet.high - frame.gap) for x in (frame.gap, sheet.wide - frame.gap)]
    sheet.darken(sheet.lines([((x, y * top), (x, y)) for x, y in ends], frame.width), frame.dark)


def _sometimes(number: float, random: np.random.Generator) -> list[float]:
    return [number] if random.random() < 0.5 else []


READ = (
    box,
    box_of_thin_lines,
    box_darker_than_the_digit,
    box_paler_than_the_digit,
    box_of_dashes_or_dots,
    box_of_double_lines,
    box_with_round_corners,
    box_open_at_a_corner,
    box_drawn_by_hand,
    box_far_from_the_edge,
    box_with_a_gray_ground,
    table_cell,
    table_cell_darker_than_the_digit,
    high_cell,
    cell_with_its_neighbours_lines,
    comb,
    three_sides,
    two_sides,
    one_side,
    baseline,
    box_with_a_small_number,
)
EITHER = (box_that_the_digit_touches, box_with_a_printed_word, row_of_boxes_with_one_filled)
