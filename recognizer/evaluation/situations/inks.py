"""Pens that write palely, unevenly or in a hollow line."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, photograph
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, dark_pen, felt_pen, hollow, pencil, somewhere, write_digit
from recognizer.evaluation.situations.sheet import Sheet

FAINT_LEVELS = (12, 50)  # contrast of faint pencil


def faint_pencil(random: np.random.Generator, digit: int) -> Picture:
    """On white or gray paper, from 12 levels of contrast on; noise stays well below."""
    size = random.uniform(0.5, 0.75)
    sheet = paper(random, size, most_px=500)
    levels = random.uniform(*FAINT_LEVELS)
    pen = replace(pencil(random), dark=levels / float(sheet.tones.mean()), uneven=0.0, grain=0.1)
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    camera = any_camera(random)
    steady = replace(camera, noise=min(camera.noise, levels / 10), shadow=0.0, quality=92, fall=camera.fall / 3)
    return photograph(sheet, replace(steady, blur=min(camera.blur, 0.003), vignette=camera.vignette / 3), random)


def pencil_pressed_unevenly(random: np.random.Generator, digit: int) -> Picture:
    """The palest part has 30 to 55 % of the darkest part's contrast."""
    return _uneven(random, digit, random.uniform(0.3, 0.55))


def pencil_pressed_very_unevenly(random: np.random.Generator, digit: int) -> Picture:
    """The palest part has 15 to 30 % of the darkest part's contrast."""
    return _uneven(random, digit, random.uniform(0.15, 0.3))


def pen_that_runs_dry(random: np.random.Generator, digit: int) -> Picture:
    """Streaks of paper within the line."""
    size = random.uniform(0.4, 0.75)
    sheet = paper(random, size)
    pen = replace(dark_pen(random), grain=random.uniform(0.4, 0.8), width=random.uniform(0.06, 0.12))
    return _photograph(sheet, pen, random, digit, size)


def felt_pen_with_a_pale_middle(random: np.random.Generator, digit: int) -> Picture:
    size = random.uniform(0.4, 0.75)
    sheet = paper(random, size)
    pen = replace(felt_pen(random), dark=random.uniform(0.45, 0.8), width=random.uniform(0.1, 0.18))
    empty = sheet.tones.copy()
    cover = write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    sheet.tones = empty
    sheet.darken(hollow(cover, sheet, pen.width * size, random.uniform(0.2, 0.55)), pen.dark)
    return photograph(sheet, any_camera(random), random)


def pale_pen(random: np.random.Generator, digit: int) -> Picture:
    """Yellow, orange or a highlighter, turned to gray."""
    size = random.uniform(0.4, 0.75)
    sheet = paper(random, size)
    pen = Pen(random.uniform(0.07, 0.16), random.uniform(0.15, 0.3))
    return _photograph(sheet, pen, random, digit, size)


def _uneven(random: np.random.Generator, digit: int, palest: float) -> Picture:
    size = random.uniform(0.5, 0.75)
    sheet = paper(random, size)
    pen = replace(pencil(random), dark=random.uniform(0.6, 0.85), uneven=1 - palest, grain=random.uniform(0, 0.2))
    return _photograph(sheet, pen, random, digit, size)


def _photograph(sheet: Sheet, pen: Pen, random: np.random.Generator, digit: int, size: float) -> Picture:
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    camera = any_camera(random)
    return photograph(sheet, replace(camera, shadow=0.0, noise=min(camera.noise, 3)), random)


READ = (faint_pencil, pencil_pressed_unevenly, pen_that_runs_dry, felt_pen_with_a_pale_middle, pale_pen)
EITHER = (pencil_pressed_very_unevenly,)
