"""Draws photos and scans of numbers: on paper, ruled and squared paper, in a box, in cells, on a note.

The paper, the pens and the camera are those of `situations`; the digits are of its hands.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, level, phone, photograph
from recognizer.evaluation.situations.frames import any_width
from recognizer.evaluation.situations.lined import rule_lines, rule_squares
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, any_pen, dark_pen, write_digit
from recognizer.evaluation.situations.sheet import Sheet

Photo = Callable[[np.random.Generator, str], Picture]
STEP = 0.72  # from digit to digit, in heights


def on_paper(random: np.random.Generator, text: str) -> Picture:
    sheet, size = _sheet(random, text)
    _write(sheet, text, any_pen(random), random, size)
    return photograph(sheet, level(any_camera(random), 3), random)


def on_ruled_paper(random: np.random.Generator, text: str) -> Picture:
    sheet, size = _sheet(random, text)
    rule_lines(sheet, random, size * random.uniform(1.2, 2.5), random.uniform(0.08, 0.4))
    _write(sheet, text, _darker(any_pen(random)), random, size)
    return photograph(sheet, level(any_camera(random), 3), random)


def on_squared_paper(random: np.random.Generator, text: str) -> Picture:
    sheet, size = _sheet(random, text)
    rule_squares(sheet, random, size / random.uniform(1, 3), random.uniform(0.06, 0.3))
    _write(sheet, text, _darker(any_pen(random)), random, size)
    return photograph(sheet, level(any_camera(random), 3), random)


def in_a_box(random: np.random.Generator, text: str) -> Picture:
    sheet, size = _sheet(random, text)
    pen = dark_pen(random)
    gap = random.uniform(0.06, 0.14)
    width = any_width(random, sheet.side_px)
    draw_grid_in(sheet, [gap, sheet.wide - gap], [gap, sheet.high - gap], width, pen.dark)
    _write(sheet, text, pen, random, size)
    return photograph(sheet, level(any_camera(random), 3), random)


def in_cells(random: np.random.Generator, text: str) -> Picture:
    """A row of cells, a digit in each."""
    cell = random.uniform(0.55, 0.75)
    sheet = paper(random, 0.35, cell * len(text) + 0.3, 1.0)
    pen = dark_pen(random)
    columns = [0.15 + cell * index for index in range(len(text) + 1)]
    draw_grid_in(sheet, columns, [0.12, 0.88], any_width(random, sheet.side_px), pen.dark * random.uniform(0.6, 1))
    size = random.uniform(0.35, 0.5)
    for index, letter in enumerate(text):
        middle = columns[index] + cell / 2 + random.normal(0, 0.02)
        write_digit(sheet, int(letter), pen, random, middle, 0.5 + random.normal(0, 0.02), size)
    return photograph(sheet, level(any_camera(random), 3), random)


def on_a_desk(random: np.random.Generator, text: str) -> Picture:
    """A light note with a dark desk all around."""
    size = random.uniform(0.18, 0.3)
    wide = max(1.0, STEP * size * len(text) + 0.7)
    sheet = paper(random, size, wide, 1.0)
    edge = random.uniform(0.06, 0.16)
    inside = sheet.polygon([(edge, edge), (wide - edge, edge), (wide - edge, 1 - edge), (edge, 1 - edge)])
    _write(sheet, text, dark_pen(random), random, size)
    sheet.paint(1 - inside, random.uniform(15, 90))
    return photograph(sheet, phone(random), random)


def draw_grid_in(sheet: Sheet, columns: list[float], rows: list[float], width: float, dark: float) -> None:
    """Draw the lines of cells, which end at the outer ones."""
    lines = [((x, rows[0]), (x, rows[-1])) for x in columns] + [((columns[0], y), (columns[-1], y)) for y in rows]
    sheet.darken(sheet.lines(lines, min(width, 0.025)), min(dark, 0.95))


def _sheet(random: np.random.Generator, text: str) -> tuple[Sheet, float]:
    """Return a sheet that is wide enough for a text, and the height of its digits."""
    size = random.uniform(0.3, 0.5)
    wide = max(1.0, STEP * size * len(text) + random.uniform(0.5, 0.9))
    return paper(random, size, wide, 1.0), size


def _write(sheet: Sheet, text: str, pen: Pen, random: np.random.Generator, size: float) -> None:
    gap = random.uniform(0.95, 1.3)
    start = sheet.wide / 2 - STEP * gap * size * (len(text) - 1) / 2
    middle = 0.5 + random.uniform(-0.08, 0.08)
    for index, letter in enumerate(text):
        x = start + STEP * gap * size * index + random.normal(0, 0.02) * size
        write_digit(sheet, int(letter), pen, random, x, middle + random.normal(0, 0.04) * size, size)


def _darker(pen: Pen) -> Pen:
    return replace(pen, dark=max(pen.dark, 0.5), width=max(pen.width, 0.05))


PHOTOS: tuple[Photo, ...] = (on_paper, on_ruled_paper, on_squared_paper, in_a_box, in_cells, on_a_desk)
