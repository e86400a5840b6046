"""Ruled, squared and dotted paper, and paper through which the other side shows."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Camera, Picture, any_camera, phone, photograph
from recognizer.evaluation.situations.frames import any_width, draw_grid
from recognizer.evaluation.situations.hands import write
from recognizer.evaluation.situations.papers import crumple, paper
from recognizer.evaluation.situations.pens import (
    any_pen,
    any_point,
    dark_pen,
    ink_of,
    pencil,
    place,
    somewhere,
    write_digit,
)
from recognizer.evaluation.situations.sheet import BEYOND, Sheet, blur

MOST_RULE = 0.012  # width of printed rules, in shorter sides


def squared_paper(random: np.random.Generator, digit: int) -> Picture:
    """Squares as high as the digit or down to a sixth of it."""
    size = random.uniform(0.2, 0.6)
    sheet = paper(random, size)
    rule_squares(sheet, random, size / random.uniform(1, 6), random.uniform(0.06, 0.4))
    return _write(sheet, random, digit, size, any_camera(random))


def squared_paper_in_perspective(random: np.random.Generator, digit: int) -> Picture:
    size = random.uniform(0.2, 0.5)
    sheet = paper(random, size)
    rule_squares(sheet, random, size / random.uniform(1, 5), random.uniform(0.06, 0.35))
    return _write(sheet, random, digit, size, replace(phone(random), perspective=0.14))


def ruled_paper(random: np.random.Generator, digit: int) -> Picture:
    """Lines one to three digits apart, anywhere."""
    size = random.uniform(0.2, 0.55)
    sheet = paper(random, size)
    rule_lines(sheet, random, size * random.uniform(0.8, 2.5), random.uniform(0.08, 0.45))
    return _write(sheet, random, digit, size, any_camera(random))


def dotted_paper(random: np.random.Generator, digit: int) -> Picture:
    size = random.uniform(0.2, 0.55)
    sheet, step = paper(random, size), size / random.uniform(1, 4)
    places = np.arange(-BEYOND, 1 + BEYOND, step) + random.uniform(0, step)
    dots = sheet.discs((x, y, 0.006) for x in places for y in places)
    sheet.darken(dots, random.uniform(0.1, 0.5))
    return _write(sheet, random, digit, size, any_camera(random))


def margin_line(random: np.random.Generator, digit: int) -> Picture:
    """An upright line beside the digit, or two, besides the rules."""
    size = random.uniform(0.25, 0.5)
    sheet, width = paper(random, size), random.uniform(0.004, 0.015)
    at = random.uniform(0.03, 0.15)
    at = at if random.random() < 0.5 else 1 - at
    draw_grid(sheet, [at, at + 0.03] if random.random() < 0.3 else [at], [], width, random.uniform(0.2, 0.7))
    if random.random() < 0.5:
        rule_lines(sheet, random, size * random.uniform(1, 2), random.uniform(0.08, 0.3))
    return _write(sheet, random, digit, size, any_camera(random))


def pencil_on_a_darker_line(random: np.random.Generator, digit: int) -> Picture:
    """Faint pencil that stands on a ruled line, or above it; the line is darker than the pencil."""
    size = random.uniform(0.5, 0.7)
    sheet = paper(random, size, most_px=500)
    dark = random.uniform(0.1, 0.35)
    below = 0.48 + size / 2 + random.uniform(0, 0.12)
    slope = random.uniform(-0.03, 0.03)
    line = sheet.lines([((-BEYOND, below - slope), (1 + BEYOND, below + slope))], random.uniform(0.012, 0.03))
    sheet.darken(line, dark * random.uniform(1.2, 2.2))
    pen = replace(pencil(random), dark=dark, grain=0.1)
    write_digit(sheet, digit, pen, random, 0.5, 0.48, size)
    return photograph(sheet, _still(any_camera(random), dark), random)


def ink_through_the_paper(random: np.random.Generator, digit: int) -> Picture:
    """Writing of the other side shows through, mirrored and blurred."""
    size = random.uniform(0.3, 0.6)
    sheet, pen = paper(random, size), dark_pen(random)
    strokes = [
        stroke * (-1, 1)
        for _ in range(random.integers(2, 6))
        for stroke in place(write(int(random.integers(10)), random), *any_point(random, -1.1, 0.1), size)
    ]
    back = ink_of(sheet, [stroke * (1, -1) for stroke in strokes], pen, random, pen.width * size)
    sheet.darken(blur(back, random.uniform(0.005, 0.02) * sheet.unit), random.uniform(0.06, 0.25))
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    return photograph(sheet, any_camera(random), random)


def crumpled_paper(random: np.random.Generator, digit: int) -> Picture:
    size = random.uniform(0.25, 0.65)
    sheet = paper(random, size)
    crumple(sheet, random, random.uniform(0.03, 0.12))
    return _write(sheet, random, digit, size, phone(random))


def pale_print_below(random: np.random.Generator, digit: int) -> Picture:
    """A large pale word below the digit, as on certificates."""
    size = random.uniform(0.3, 0.6)
    sheet = paper(random, size)
    word = str(random.choice(["COPY", "SAMPLE", "DRAFT", "No", "&"]))
    print_ = sheet.text(word, *any_point(random, 0.35, 0.65), random.uniform(0.3, 0.6))
    sheet.darken(print_, random.uniform(0.04, 0.15))
    return _write(sheet, random, digit, size, any_camera(random))


def rule_lines(sheet: Sheet, random: np.random.Generator, step: float, dark: float) -> None:
    """Draw level lines through the sheet, a little oblique by the camera alone."""
    rows = np.arange(-BEYOND, sheet.high + BEYOND, step) + random.uniform(0, step)
    draw_grid(sheet, [], rows.tolist(), _rule_width(sheet, random), dark)


def rule_squares(sheet: Sheet, random: np.random.Generator, step: float, dark: float) -> None:
    rows, columns = (
        (np.arange(-BEYOND, side + BEYOND, step) + random.uniform(0, step)).tolist()
        for side in (sheet.high, sheet.wide)
    )
    width = min(_rule_width(sheet, random), step / 8)
    draw_grid(sheet, columns, rows, width, dark)
    if random.random() < 0.3:  # every fifth line is heavier
        draw_grid(sheet, columns[::5], rows[::5], 1.6 * width, dark)


def _rule_width(sheet: Sheet, random: np.random.Generator) -> float:
    return min(any_width(random, sheet.side_px), MOST_RULE)


def _write(sheet: Sheet, random: np.random.Generator, digit: int, size: float, camera: Camera) -> Picture:
    """Write with a pen that is darker than most rules."""
    pen = any_pen(random)
    pen = replace(pen, dark=max(pen.dark, 0.5), width=max(pen.width, 0.05))
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    return photograph(sheet, camera, random)


def _still(camera: Camera, dark: float) -> Camera:
    """Return a camera with little noise beside ink of this darkness."""
    return replace(camera, noise=min(camera.noise, 12 * dark), quality=None if dark < 0.15 else camera.quality)


READ = (
    squared_paper,
    squared_paper_in_perspective,
    ruled_paper,
    dotted_paper,
    margin_line,
    pencil_on_a_darker_line,
    ink_through_the_paper,
    crumpled_paper,
    pale_print_below,
)
