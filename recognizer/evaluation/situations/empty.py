"""Pictures without a digit, and a 1 that looks like a line of a form."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, level, phone, photograph, scanner
from recognizer.evaluation.situations.desks import ANY, FAR, lay_desk
from recognizer.evaluation.situations.frames import any_frame, draw_frame
from recognizer.evaluation.situations.hands import straight
from recognizer.evaluation.situations.lined import rule_lines, rule_squares
from recognizer.evaluation.situations.papers import crumple, paper, side
from recognizer.evaluation.situations.pens import dark_pen, ink_of, place
from recognizer.evaluation.situations.scans import to_one_bit
from recognizer.evaluation.situations.sheet import Sheet, rectangle


def blank_paper(random: np.random.Generator, digit: int) -> Picture:
    return photograph(_sheet(random), any_camera(random), random)


def blank_paper_in_shadow(random: np.random.Generator, digit: int) -> Picture:
    camera = replace(phone(random), shadow=random.uniform(0.2, 0.5), shadow_edge=random.uniform(0.01, 0.1))
    return photograph(_sheet(random), camera, random)


def blank_crumpled_paper(random: np.random.Generator, digit: int) -> Picture:
    sheet = _sheet(random)
    crumple(sheet, random, random.uniform(0.03, 0.12))
    return photograph(sheet, phone(random), random)


def blank_ruled_paper(random: np.random.Generator, digit: int) -> Picture:
    sheet = _sheet(random)
    rule_lines(sheet, random, random.uniform(0.15, 0.6), random.uniform(0.08, 0.45))
    return photograph(sheet, any_camera(random), random)


def blank_squared_paper(random: np.random.Generator, digit: int) -> Picture:
    sheet = _sheet(random)
    rule_squares(sheet, random, random.uniform(0.06, 0.3), random.uniform(0.06, 0.4))
    return photograph(sheet, any_camera(random), random)


def blank_page_on_a_desk(random: np.random.Generator, digit: int) -> Picture:
    sheet = _sheet(random)
    edges = [-FAR, -FAR, 1 + FAR, 1 + FAR]
    for index in random.permutation(4)[: random.integers(1, 5)]:
        edges[index] = random.uniform(0.02, 0.25) if index < 2 else 1 - random.uniform(0.02, 0.25)
    lay_desk(sheet, sheet.polygon(np.array(rectangle(*edges)) + random.normal(0, 0.01, (4, 2))), random, ANY)
    return photograph(sheet, phone(random), random)


def empty_box(random: np.random.Generator, digit: int) -> Picture:
    sheet = _sheet(random, random.choice([1.0, random.uniform(1, 3)]))
    draw_frame(sheet, any_frame(random, sheet.side_px), random)
    return photograph(sheet, level(any_camera(random), 4), random)


def empty_comb_or_cell_of_some_sides(random: np.random.Generator, digit: int) -> Picture:
    """The lines go on through the picture; a piece of a line is another situation."""
    sheet = _sheet(random)
    sides = str(random.choice(["l", "r", "t", "b", "lr", "tb", "lb", "rt", "lrb", "ltb"]))
    draw_frame(sheet, replace(any_frame(random, sheet.side_px), sides=sides, over=1.0), random)
    return photograph(sheet, level(any_camera(random), 4), random)


def remains_of_a_line_at_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """An empty cell, often in black and white: a piece of its line, mostly upright, shorter than half of the side."""
    sheet = Sheet(random.uniform(200, 250), side(random, 40, 500))
    x = random.uniform(0, 0.012)
    top, long = random.uniform(0, 0.5), random.uniform(0.15, 0.48)
    piece = [(x, top), (x + random.uniform(-0.01, 0.01), top + long)]
    sheet.darken(sheet.lines([piece], random.uniform(0.01, 0.035)), random.uniform(0.5, 0.95))
    if random.random() < 0.5:
        sheet.tones = sheet.tones[:, ::-1]
    if random.random() < 0.3:
        sheet.tones = sheet.tones.T
    picture = photograph(sheet, replace(scanner(random), tilt_deg=0.0), random)
    return to_one_bit(picture, random) if random.random() < 0.6 else picture


def dark_picture(random: np.random.Generator, digit: int) -> Picture:
    """The lens was covered: noise alone."""
    sheet = _sheet(random)
    sheet.tones *= random.uniform(0.02, 0.15)
    return photograph(sheet, replace(phone(random), noise=random.uniform(1, 6)), random)


def printed_words(random: np.random.Generator, digit: int) -> Picture:
    """One line or more of print."""
    sheet, size = _sheet(random), random.uniform(0.08, 0.2)
    letters = "abcdefghijklmnopqrstuvwxyz "
    for row in range(random.integers(1, 5)):
        text = "".join(random.choice(list(letters), 14))
        sheet.darken(sheet.text(text, 0.5, 0.2 + row * size * 1.4, size), random.uniform(0.5, 0.9))
    return photograph(sheet, any_camera(random), random)


def one_touching_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """A plain 1 that is longer than half of the picture's side, and does not go through it."""
    return _one(random, random.uniform(0.55, 0.85), 0.0)


def one_beside_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """A plain 1, at least its pen's width away from the edge."""
    return _one(random, random.uniform(0.3, 0.8), random.uniform(1.2, 3))


def _one(random: np.random.Generator, size: float, away: float) -> Picture:
    """away: from the edge to the ink, in widths of the pen."""
    sheet = paper(random, size, most_px=600)
    pen = replace(dark_pen(random), width=random.uniform(0.05, 0.12) / size * 0.5)
    width, lean = pen.width * size, random.normal(0, 0.02)
    x, y = (away + 0.5) * width + abs(lean), random.uniform(size / 2 + 0.04, 1 - size / 2 - 0.04)
    strokes = place([straight(100 * lean, -50 * size, -100 * lean, 50 * size)], x, y, 1)
    sheet.darken(ink_of(sheet, strokes, pen, random, width), pen.dark)
    if random.random() < 0.5:
        sheet.tones = sheet.tones[:, ::-1]
    return photograph(sheet, replace(scanner(random), tilt_deg=0.0), random)


def _sheet(random: np.random.Generator, wide: float = 1.0) -> Sheet:
    return paper(random, 0.5, wide)


DECLINE = (
    blank_paper,
    blank_paper_in_shadow,
    blank_crumpled_paper,
    blank_ruled_paper,
    blank_squared_paper,
    blank_page_on_a_desk,
    empty_box,
    empty_comb_or_cell_of_some_sides,
    remains_of_a_line_at_the_edge,
    dark_picture,
    printed_words,
)
READ = (one_touching_the_edge, one_beside_the_edge)
DIGITS = dict.fromkeys(READ, (1,))
