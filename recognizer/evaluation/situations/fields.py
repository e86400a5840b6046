"""Sheets of forms: a field's frame, a pen, and writing into the field."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, level, photograph
from recognizer.evaluation.situations.frames import Frame, any_frame, draw_frame
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, dark_pen, write_digit
from recognizer.evaluation.situations.sheet import Sheet

LEAST_DIGIT = 0.3  # in shorter sides: room that the widest gap leaves


def blank_form(
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


def fill(
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
    return write_in(sheet, pen, random, digit, size, shift or max(0.0, (room - size) / 2 - 0.02), down)


def write_in(
    sheet: Sheet, pen: Pen, random: np.random.Generator, digit: int, size: float, shift: float = 0.0, down: float = 0.0
) -> Picture:
    x, y = np.array([sheet.wide, sheet.high]) / 2 + random.uniform(-shift, shift, 2)
    write_digit(sheet, digit, pen, random, x, y + down, size)
    return photograph(sheet, level(any_camera(random), 4), random)


def paler(pen: Pen, random: np.random.Generator) -> Pen:
    return replace(pen, dark=random.uniform(0.25, 0.55))
