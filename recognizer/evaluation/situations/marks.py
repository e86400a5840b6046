"""Other marks of a pen beside, around and through a digit."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, any_camera, photograph
from recognizer.evaluation.situations.hands import Points, curved
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, any_pen, any_point, dark_pen, ink_of, place, write_digit
from recognizer.evaluation.situations.sheet import Cover, Sheet, blur, box_of

Written = tuple[Sheet, Pen, Cover, float]  # the sheet, its pen, the digit's cover, its height


def underlined(random: np.random.Generator, digit: int) -> Picture:
    """Once or twice, by the same pen."""
    sheet, pen, cover, size = _written(random, digit)
    left, _, right, bottom = box_of(cover, sheet)
    for index in range(random.choice([1, 1, 2])):
        y = bottom + size * (random.uniform(0.08, 0.2) + 0.13 * index)
        over = size * random.uniform(-0.05, 0.3)
        _draw(sheet, pen, size, [_wavy((left - over, y), (right + over, y + random.normal(0, 0.02)), random)], random)
    return photograph(sheet, any_camera(random), random)


def circled(random: np.random.Generator, digit: int) -> Picture:
    """By the same pen."""
    sheet, pen, cover, size = _written(random, digit, (0.25, 0.45))
    _draw(sheet, pen, size, [_ring(cover, sheet, size, random)], random)
    return photograph(sheet, any_camera(random), random)


def circled_in_a_paler_colour(random: np.random.Generator, digit: int) -> Picture:
    sheet, pen, cover, size = _written(random, digit, (0.25, 0.45))
    pale = replace(pen, dark=pen.dark * random.uniform(0.3, 0.65))
    _draw(sheet, pale, size, [_ring(cover, sheet, size, random)], random)
    return photograph(sheet, any_camera(random), random)


def struck_through(random: np.random.Generator, digit: int) -> Picture:
    """One stroke, level or oblique."""
    sheet, pen, cover, size = _written(random, digit)
    left, top, right, bottom = box_of(cover, sheet)
    over, middle = size * random.uniform(0.1, 0.3), (top + bottom) / 2 + random.uniform(-0.1, 0.1) * size
    lean = size * random.choice([0, 0, 0.4]) + random.normal(0, 0.03)
    line = _wavy((left - over, middle + lean), (right + over, middle - lean), random)
    _draw(sheet, pen, size, [line], random)
    return photograph(sheet, any_camera(random), random)


def full_stop_after(random: np.random.Generator, digit: int) -> Picture:
    sheet, pen, cover, size = _written(random, digit)
    _, _, right, bottom = box_of(cover, sheet)
    x, y = right + size * random.uniform(0.08, 0.3), bottom - size * random.uniform(-0.02, 0.1)
    dot = pen.width * size * random.uniform(0.5, 0.9)
    sheet.darken(sheet.cover(lambda pencil: pencil.disc(x, y, dot)), pen.dark)
    return photograph(sheet, any_camera(random), random)


def bracket_after(random: np.random.Generator, digit: int) -> Picture:
    """As in "3)"."""
    sheet, pen, cover, size = _written(random, digit)
    _, top, right, bottom = box_of(cover, sheet)
    x = right + size * random.uniform(0.15, 0.3)
    bow = curved(0, 0, 16, 25, 20, 50, 16, 75, 0, 100) * (size, bottom - top) + (x, top)
    _draw(sheet, pen, size, [bow], random)
    return photograph(sheet, any_camera(random), random)


def tick_beside(random: np.random.Generator, digit: int) -> Picture:
    """A teacher's tick or cross, often paler."""
    sheet, pen, cover, size = _written(random, digit, (0.3, 0.45))
    _, top, right, _ = box_of(cover, sheet)
    other = replace(pen, dark=pen.dark * random.uniform(0.4, 1))
    tick = np.array([(0, 0.5), (0.2, 0.8), (0.6, 0.0)]) * size * random.uniform(0.5, 0.9)
    corner = (right + size * random.uniform(0.15, 0.3), top)
    _draw(sheet, other, size, place([tick], *corner, 1), random)
    return photograph(sheet, any_camera(random), random)


def specks(random: np.random.Generator, digit: int) -> Picture:
    """Dust and crumbs."""
    sheet, pen, _, _ = _written(random, digit)
    places = random.uniform((0, 0), (sheet.wide, sheet.high), (random.integers(3, 25), 2))
    radii = random.uniform(0.002, 0.009, len(places))
    dots = sheet.discs((x, y, radius) for (x, y), radius in zip(places, radii, strict=True))
    sheet.darken(dots, pen.dark * random.uniform(0.5, 1))
    return photograph(sheet, any_camera(random), random)


def smudge(random: np.random.Generator, digit: int) -> Picture:
    """A gray cloud of rubbed pencil, over the digit or beside it."""
    sheet, _, _, size = _written(random, digit)
    x, y = random.uniform(0.25, 0.75, 2)
    cloud = sheet.cover(lambda pencil: pencil.disc(x, y, size * random.uniform(0.3, 0.6), size * 0.3))
    soft = blur(cloud, 0.05 * sheet.unit) * (1 + 0.4 * sheet.noise(random, 0.03))
    sheet.darken(np.clip(soft, 0, 1), random.uniform(0.06, 0.2))
    return photograph(sheet, any_camera(random), random)


def rubbed_out_below(random: np.random.Generator, digit: int) -> Picture:
    """The remains of another digit that was rubbed out."""
    size = random.uniform(0.4, 0.6)
    sheet, pen = paper(random, size), dark_pen(random)
    other = replace(pen, dark=pen.dark * random.uniform(0.06, 0.16))
    write_digit(sheet, int(random.integers(10)), other, random, *any_point(random, 0.45, 0.55), size)
    write_digit(sheet, digit, pen, random, 0.5, 0.5, size)
    return photograph(sheet, any_camera(random), random)


def staple(random: np.random.Generator, digit: int) -> Picture:
    """A staple in a corner of the picture."""
    sheet, _, _, _ = _written(random, digit)
    start = random.uniform((0.04, 0.04), (0.12, 0.12))
    end = start + random.uniform(0.05, 0.12) * np.array([1, random.uniform(-0.5, 1)])
    sheet.darken(sheet.lines([np.stack([start, end])], random.uniform(0.006, 0.012)), random.uniform(0.3, 0.8))
    return photograph(sheet, any_camera(random), random)


def hair(random: np.random.Generator, digit: int) -> Picture:
    """A hair on the scanner's glass, anywhere."""
    sheet, pen, _, _ = _written(random, digit)
    knots = random.uniform(0, 100, 2) + np.cumsum(random.normal(0, 12, (5, 2)), 0)
    sheet.darken(sheet.lines([curved(*knots.ravel().tolist())], 1.2 / sheet.side_px), pen.dark * random.uniform(0.4, 1))
    return photograph(sheet, any_camera(random), random)


def coffee_ring(random: np.random.Generator, digit: int) -> Picture:
    sheet, _, _, _ = _written(random, digit)
    (x, y), radius = random.uniform(0, 1, 2), random.uniform(0.25, 0.5)
    angles = np.linspace(0, 2 * np.pi, 80)
    ring = sheet.lines([np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1)], 0.03)
    stain = blur(ring, 0.01 * sheet.unit) * (0.8 + 0.3 * sheet.noise(random, 0.15))
    sheet.darken(np.clip(stain, 0, 1), random.uniform(0.05, 0.2))
    return photograph(sheet, any_camera(random), random)


def _written(random: np.random.Generator, digit: int, sizes: tuple[float, float] = (0.3, 0.55)) -> Written:
    size = random.uniform(*sizes)
    sheet, pen = paper(random, size), any_pen(random)
    return sheet, pen, write_digit(sheet, digit, pen, random, 0.5, 0.48, size), size


def _draw(sheet: Sheet, pen: Pen, size: float, strokes: list[Points], random: np.random.Generator) -> None:
    width = max(pen.width * size, 1.2 / sheet.side_px)
    sheet.darken(ink_of(sheet, strokes, pen, random, width), pen.dark)


def _wavy(start: tuple[float, float], end: tuple[float, float], random: np.random.Generator) -> Points:
    shares = np.linspace(0, 1, 20)[:, None]
    line = np.array(start) * (1 - shares) + np.array(end) * shares
    return line + (0, random.normal(0, 0.01)) * np.sin(shares * random.uniform(2, 7))


def _ring(cover: Cover, sheet: Sheet, size: float, random: np.random.Generator) -> Points:
    """Return a ring around the digit that nearly closes, or ends past its start."""
    left, top, right, bottom = box_of(cover, sheet)
    away = size * random.uniform(0.25, 0.45)
    across = max((right - left) / 2 + away, 0.35 * size + away / 2)
    down = (bottom - top) / 2 + away
    angles = random.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi * random.uniform(0.96, 1.08), 60)
    wobble = 1 + random.uniform(0, 0.06) * np.sin(2 * angles + random.uniform(0, 6))
    middle = ((left + right) / 2, (top + bottom) / 2)
    return np.stack([across * wobble * np.cos(angles), down * wobble * np.sin(angles)], 1) + middle


READ = (underlined, full_stop_after, specks, smudge, rubbed_out_below, staple, coffee_ring)
EITHER = (circled, circled_in_a_paler_colour, struck_through, bracket_after, tick_beside, hair)
