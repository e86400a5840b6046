"""Boxes of forms, with one digit each."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture
from recognizer.evaluation.situations.fields import blank_form, fill, paler
from recognizer.evaluation.situations.sheet import rectangle


def box(random: np.random.Generator, digit: int) -> Picture:
    """A printed box, about as dark as the digit."""
    sheet, frame, pen = blank_form(random)
    return fill(sheet, frame, pen, random, digit)


def box_of_thin_lines(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random)
    return fill(sheet, replace(frame, width=1.2 / sheet.side_px), pen, random, digit)


def box_of_thick_lines(random: np.random.Generator, digit: int) -> Picture:
    """Lines as thick as a tenth of the box."""
    sheet, frame, pen = blank_form(random)
    width = random.uniform(0.035, 0.1)
    gap = random.choice([width / 2, random.uniform(width / 2, 0.2)])
    return fill(sheet, replace(frame, width=width, gap=gap), pen, random, digit)


def box_darker_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    """Two inks: a blue pen or a pencil beside black print."""
    sheet, frame, pen = blank_form(random)
    return fill(sheet, replace(frame, dark=random.uniform(0.7, 0.95)), paler(pen, random), random, digit)


def box_paler_than_the_digit(random: np.random.Generator, digit: int) -> Picture:
    """A drop-out colour."""
    sheet, frame, pen = blank_form(random)
    return fill(sheet, replace(frame, dark=pen.dark * random.uniform(0.15, 0.6)), pen, random, digit)


def box_of_dashes_or_dots(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random)
    dash = random.choice([0.001, random.uniform(0.02, 0.08)])
    pause = random.uniform(1.5, 3) * frame.width + random.uniform(0, 0.03)
    return fill(sheet, replace(frame, dash=dash, pause=pause), pen, random, digit)


def box_of_double_lines(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random)
    width = min(frame.width, 0.015)
    return fill(sheet, replace(frame, width=width, double=width * random.uniform(2, 3.5)), pen, random, digit)


def box_with_round_corners(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random)
    return fill(sheet, replace(frame, radius=random.uniform(0.04, 0.16)), pen, random, digit)


def box_open_at_a_corner(random: np.random.Generator, digit: int) -> Picture:
    sheet, frame, pen = blank_form(random)
    return fill(sheet, replace(frame, open=random.uniform(0.03, 0.2)), pen, random, digit)


def box_drawn_by_hand(random: np.random.Generator, digit: int) -> Picture:
    """With the same pen as the digit, or another."""
    sheet, frame, pen = blank_form(random)
    gap = max(frame.gap, 0.03)
    return fill(sheet, replace(frame, gap=gap, wobble=random.uniform(0.004, 0.015), dark=pen.dark), pen, random, digit)


def box_far_from_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """A small box with much paper around it, as in a photo of a form."""
    sheet, frame, pen = blank_form(random, least=0.2)
    return fill(sheet, replace(frame, gap=random.uniform(0.2, 0.3)), pen, random, digit)


def box_that_the_digit_touches(random: np.random.Generator, digit: int) -> Picture:
    """A digit nearly as high as its box, touching or crossing a line."""
    sheet, frame, pen = blank_form(random)
    return fill(sheet, frame, pen, random, digit, sizes=(0.95, 1.05), shift=0.05)


def box_with_a_gray_ground(random: np.random.Generator, digit: int) -> Picture:
    """A box whose inside is darker or lighter than the paper around it."""
    sheet, frame, pen = blank_form(random)
    gap = max(frame.gap, 0.03)
    inside = sheet.polygon(rectangle(gap, gap, sheet.wide - gap, sheet.high - gap))
    sheet.darken(inside, random.uniform(0.08, 0.25) * random.choice([-0.6, 1]))
    return fill(sheet, replace(frame, gap=gap, dark=random.uniform(0, 0.8)), pen, random, digit)


def white_box_on_a_coloured_form(random: np.random.Generator, digit: int) -> Picture:
    """The form is coloured, the field is white, and there is no line."""
    sheet, frame, pen = blank_form(random, wide=random.choice([1.0, random.uniform(1, 2.5)]))
    gap = max(frame.gap, 0.03)
    around = 1 - sheet.polygon(rectangle(gap, gap, sheet.wide - gap, sheet.high - gap))
    sheet.darken(around, random.uniform(0.15, 0.5))
    return fill(sheet, replace(frame, gap=gap, width=0.02, sides=""), pen, random, digit)


def box_with_a_small_number(random: np.random.Generator, digit: int) -> Picture:
    """A box with its number, as "3a", in tiny print in a corner."""
    sheet, frame, pen = blank_form(random, most_gap=0.12)
    inside = frame.inside + 0.03
    for index, sign in enumerate(str(random.integers(1, 99)) + random.choice(["", "a", ")", "."])):
        at = (inside + 0.03 + 0.06 * index, inside + 0.045)
        sheet.darken(sheet.text(sign, *at, 0.09), frame.dark)
    return fill(sheet, frame, pen, random, digit, sizes=(0.5, 0.62), down=0.08)


def box_with_a_printed_word(random: np.random.Generator, digit: int) -> Picture:
    """A word above the box or at its left, as in "Age"."""
    sheet, frame, pen = blank_form(random, wide=random.uniform(1, 1.6))
    frame = replace(frame, gap=random.uniform(0.2, 0.25))
    word = str(random.choice(["Age", "Number", "Class", "Points", "Room", "Sum"]))
    sheet.darken(sheet.text(word, sheet.wide / 2, random.uniform(0.07, 0.1), random.uniform(0.08, 0.12)), frame.dark)
    return fill(sheet, frame, pen, random, digit)


READ = (
    box,
    box_of_thin_lines,
    box_of_thick_lines,
    box_darker_than_the_digit,
    box_paler_than_the_digit,
    box_of_dashes_or_dots,
    box_of_double_lines,
    box_with_round_corners,
    box_open_at_a_corner,
    box_drawn_by_hand,
    box_far_from_the_edge,
    box_with_a_gray_ground,
    white_box_on_a_coloured_form,
    box_with_a_small_number,
)
EITHER = (box_that_the_digit_touches, box_with_a_printed_word)
