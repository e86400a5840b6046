"""A digit on plain paper: photographed, scanned, on a screen, small, large, cropped."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import (
    Camera,
    Picture,
    any_camera,
    level,
    phone,
    photograph,
    scanner,
    screen,
    sharp,
)
from recognizer.evaluation.situations.hands import write
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import any_pen, dark_pen, felt_pen, ink_of, place, somewhere, write_digit
from recognizer.evaluation.situations.sheet import Cover, Sheet, box_of


def plain_photo(random: np.random.Generator, digit: int) -> Picture:
    return _on_paper(random, digit, (0.3, 0.75), phone(random))


def plain_scan(random: np.random.Generator, digit: int) -> Picture:
    return _on_paper(random, digit, (0.3, 0.8), scanner(random))


def wide_or_high_paper(random: np.random.Generator, digit: int) -> Picture:
    wide, high = (random.uniform(1.2, 3), 1.0) if random.random() < 0.5 else (1.0, random.uniform(1.2, 2.5))
    sheet = paper(random, 0.3, wide, high)
    write_digit(sheet, digit, any_pen(random), random, *somewhere(sheet, random, 0.6), random.uniform(0.3, 0.6))
    return photograph(sheet, any_camera(random), random)


def tiny_picture(random: np.random.Generator, digit: int) -> Picture:
    """28 to 60 px a side."""
    size = random.uniform(0.5, 0.8)
    sheet = paper(random, size, most_px=60)
    write_digit(sheet, digit, any_pen(random), random, *somewhere(sheet, random, size), size)
    camera = any_camera(random)
    return photograph(sheet, replace(camera, noise=camera.noise / 2), random)


def small_digit_on_a_large_sheet(random: np.random.Generator, digit: int) -> Picture:
    return _on_paper(random, digit, (0.05, 0.15), any_camera(random))


def tight_crop(random: np.random.Generator, digit: int) -> Picture:
    """The picture ends where the ink does, or nearly."""
    return _cropped(random, digit, random.uniform(0.05, 0.12))


def tight_crop_of_a_fat_pen(random: np.random.Generator, digit: int) -> Picture:
    return _cropped(random, digit, random.uniform(0.13, 0.26))


def drawn_on_a_screen(random: np.random.Generator, digit: int) -> Picture:
    """A screenshot of a drawing: no noise, one tone of ink."""
    size = random.uniform(0.3, 0.85)
    light, dark = random.uniform(200, 255), random.uniform(0, 60)
    ink, back = (light, dark) if random.random() < 0.5 else (dark, light)
    sheet = Sheet(back, round(random.uniform(40, 600)))
    sheet.paint(_ink(sheet, digit, random, *somewhere(sheet, random, size), size, random.uniform(0.04, 0.16)), ink)
    return photograph(sheet, screen(random), random)


def _on_paper(random: np.random.Generator, digit: int, sizes: tuple[float, float], camera: Camera) -> Picture:
    size = random.uniform(*sizes)
    sheet = paper(random, size)
    write_digit(sheet, digit, any_pen(random), random, *somewhere(sheet, random, size), size)
    return photograph(sheet, sharp(camera, size), random)


def _ink(sheet: Sheet, digit: int, random: np.random.Generator, x: float, y: float, size: float, width: float) -> Cover:
    pen = replace(dark_pen(random), width=width)
    return ink_of(sheet, place(write(digit, random), x, y, size * (1 - width)), pen, random, width * size)


def _cropped(random: np.random.Generator, digit: int, width: float) -> Picture:
    sheet = paper(random, 0.8)
    pen = replace(felt_pen(random), width=width)
    cover = write_digit(sheet, digit, pen, random, 0.5, 0.5, 0.8)
    left, top, right, bottom = box_of(cover, sheet)
    gap = random.uniform(-0.005, 0.05)
    sheet.crop(left - gap, top - gap, right + gap, bottom + gap)
    return photograph(sheet, level(scanner(random), 0), random)


READ = (
    plain_photo,
    plain_scan,
    wide_or_high_paper,
    tiny_picture,
    small_digit_on_a_large_sheet,
    tight_crop,
    tight_crop_of_a_fat_pen,
    drawn_on_a_screen,
)
