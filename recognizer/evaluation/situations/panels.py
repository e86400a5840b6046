"""Light digits on dark panels, boards and screens, and signs and stickers."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Camera, Picture, any_camera, phone, photograph, screen
from recognizer.evaluation.situations.hands import Points, straight, write
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import (
    Pen,
    any_point,
    dark_pen,
    felt_pen,
    ink_of,
    place,
    somewhere,
    write_digit,
)
from recognizer.evaluation.situations.sheet import Sheet, blur

SEGMENTS = {  # of a seven-segment digit: its corners, in percent
    "a": (0, 0, 50, 0),
    "b": (50, 0, 50, 50),
    "c": (50, 50, 50, 100),
    "d": (0, 100, 50, 100),
    "e": (0, 50, 0, 100),
    "f": (0, 0, 0, 50),
    "g": (0, 50, 50, 50),
}
LIT = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")


def light_digit_on_a_dark_panel(random: np.random.Generator, digit: int) -> Picture:
    """A meter's drum or a small sign: a dark panel with lighter surroundings."""
    sheet = _surroundings(random, 0.4)
    edges = _panel(sheet, random, (10, 80))
    return _write_light(sheet, random, digit, edges, phone(random))


def dark_digit_on_a_light_panel(random: np.random.Generator, digit: int) -> Picture:
    """A sign, a plate or a sticker on darker ground, with or without a rim."""
    sheet = _surroundings(random, 0.4, (20, 130))
    edges = _panel(sheet, random, (170, 250))
    size = min(edges[2] - edges[0], edges[3] - edges[1]) * random.uniform(0.45, 0.8)
    x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    write_digit(sheet, digit, dark_pen(random), random, x, y, size)
    return photograph(sheet, phone(random), random)


def light_canvas_on_a_page(random: np.random.Generator, digit: int) -> Picture:
    """A screenshot: a black canvas with the page around it, white or gray."""
    sheet = Sheet(random.uniform(150, 255), round(random.uniform(80, 800)))
    edges = _panel(sheet, random, (0, 40), rim=False)
    return _write_light(sheet, random, digit, edges, screen(random))


def seven_segments(random: np.random.Generator, digit: int) -> Picture:
    """A display that glows; its unlit segments may show."""
    sheet = _surroundings(random, 0.4)
    left, top, right, bottom = _panel(sheet, random, (5, 60))
    size = min((right - left) * 1.6, bottom - top) * random.uniform(0.5, 0.75)
    at, width = ((left + right) / 2, (top + bottom) / 2), size * random.uniform(0.08, 0.13)
    sheet.paint(sheet.lines(place(_segments("abcdefg"), *at, size), width), random.uniform(5, 60))
    lit = sheet.lines(place(_segments(LIT[digit]), *at, size), width)
    sheet.paint(np.clip(lit + 0.3 * blur(lit, 0.02 * sheet.unit), 0, 1), random.uniform(170, 255))
    return photograph(sheet, phone(random), random)


def blackboard(random: np.random.Generator, digit: int) -> Picture:
    """Chalk, grainy, on a board with wiped traces."""
    size = random.uniform(0.3, 0.7)
    sheet = paper(random, size)
    sheet.tones *= random.uniform(30, 90) / float(sheet.tones.mean())
    sheet.tones += random.uniform(2, 8) * np.abs(sheet.noise(random, random.uniform(0.1, 0.3)))
    pen = Pen(random.uniform(0.06, 0.11), 1.0, grain=random.uniform(0.2, 0.6))
    _light_ink(sheet, digit, pen, random, somewhere(sheet, random, size), size, random.uniform(170, 245))
    return photograph(sheet, phone(random), random)


def whiteboard(random: np.random.Generator, digit: int) -> Picture:
    """A marker on a glossy board, with reflections and wiped traces."""
    size = random.uniform(0.25, 0.65)
    sheet = paper(random, size)
    other = replace(felt_pen(random), dark=random.uniform(0.02, 0.08))
    write_digit(sheet, int(random.integers(10)), other, random, *any_point(random, 0.3, 0.7), size)
    shine = sheet.cover(lambda pencil: pencil.disc(*any_point(random, 0, 1), random.uniform(0.1, 0.3)))
    sheet.tones += blur(shine, 0.06 * sheet.unit) * random.uniform(10, 45)
    pen = replace(felt_pen(random), dark=random.uniform(0.45, 0.9))
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    return photograph(sheet, phone(random), random)


def light_pen_on_dark_paper(random: np.random.Generator, digit: int) -> Picture:
    size = random.uniform(0.3, 0.7)
    sheet = paper(random, size)
    sheet.tones *= random.uniform(20, 110) / float(sheet.tones.mean())
    light = float(sheet.tones.mean()) + random.uniform(60, 140)
    _light_ink(sheet, digit, dark_pen(random), random, somewhere(sheet, random, size), size, light)
    return photograph(sheet, any_camera(random), random)


def _surroundings(random: np.random.Generator, digit: float, tones: tuple[int, int] = (95, 230)) -> Sheet:
    sheet = paper(random, digit, high=random.choice([1.0, random.uniform(1, 1.8)]))
    sheet.tones *= random.uniform(*tones) / float(sheet.tones.mean())
    return sheet


def _panel(
    sheet: Sheet, random: np.random.Generator, tones: tuple[int, int], rim: bool = True
) -> tuple[float, float, float, float]:
    """Paint a panel, often with a rim. Return its left, top, right and bottom."""
    left, top, right, bottom = (random.uniform(0.03, 0.25) for _ in range(4))
    edges = (left, top, sheet.wide - right, sheet.high - bottom)
    radius = random.choice([0.0, random.uniform(0.02, 0.08)])
    if rim and random.random() < 0.5:
        width = random.uniform(0.01, 0.035)
        around = (edges[0] - width, edges[1] - width, edges[2] + width, edges[3] + width)
        sheet.paint(sheet.cover(lambda pencil: pencil.round_rectangle(around, radius)), random.uniform(5, 250))
    sheet.paint(sheet.cover(lambda pencil: pencil.round_rectangle(edges, radius)), random.uniform(*tones))
    return edges


def _write_light(
    sheet: Sheet, random: np.random.Generator, digit: int, edges: tuple[float, float, float, float], camera: Camera
) -> Picture:
    left, top, right, bottom = edges
    size = min(right - left, bottom - top) * random.uniform(0.45, 0.8)
    at = ((left + right) / 2, (top + bottom) / 2)
    _light_ink(sheet, digit, felt_pen(random), random, at, size, random.uniform(165, 250))
    return photograph(sheet, camera, random)


def _light_ink(
    sheet: Sheet,
    digit: int,
    pen: Pen,
    random: np.random.Generator,
    at: tuple[float, float],
    size: float,
    tone: float,
) -> None:
    width = pen.width * size
    strokes = place(write(digit, random), *at, size - width)
    sheet.paint(ink_of(sheet, strokes, pen, random, width), tone)


def _segments(names: str) -> list[Points]:
    """Return the segments around (0, 0), 1 high, apart by small gaps."""
    lines = [straight(*SEGMENTS[name]) - (0.25, 0.5) for name in names]
    return [(line - line.mean(0)) * 0.8 + line.mean(0) for line in lines]


READ = (
    light_digit_on_a_dark_panel,
    dark_digit_on_a_light_panel,
    light_canvas_on_a_page,
    blackboard,
    whiteboard,
    light_pen_on_dark_paper,
)
EITHER = (seven_segments,)
