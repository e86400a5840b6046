"""Pens, and writing with them on a sheet."""

from dataclasses import dataclass, replace

import numpy as np

from recognizer.evaluation.situations.hands import Points, write
from recognizer.evaluation.situations.sheet import Cover, Field, Sheet, blur

LEAST_WIDTH_PX = 1.2  # of a line in the finished picture
PRESSURE_WAVES = 4  # along a stroke


@dataclass(frozen=True)
class Pen:
    """width: of the line, in heights of the digit; dark: the share of light that full pressure takes.

    uneven: the share of `dark` that is lost where the pen is pressed least. grain: of pencil on rough paper, 0 to 1.
    swell: how much the width varies along a stroke, 0 to 1.
    """

    width: float
    dark: float
    uneven: float = 0.0
    grain: float = 0.0
    swell: float = 0.1


def any_pen(random: np.random.Generator) -> Pen:
    return PENS[random.integers(len(PENS))](random)


def ballpoint(random: np.random.Generator) -> Pen:
    return Pen(random.uniform(0.035, 0.08), random.uniform(0.5, 0.85), random.uniform(0, 0.3), swell=0.15)


def felt_pen(random: np.random.Generator) -> Pen:
    return Pen(random.uniform(0.07, 0.14), random.uniform(0.6, 0.93), swell=0.1)


def pencil(random: np.random.Generator) -> Pen:
    dark, grain = random.uniform(0.35, 0.65), random.uniform(0.1, 0.4)
    return Pen(random.uniform(0.04, 0.1), dark, random.uniform(0.1, 0.4), grain, swell=0.25)


PENS = (ballpoint, felt_pen, pencil)


def dark_pen(random: np.random.Generator) -> Pen:
    return replace(any_pen(random), dark=random.uniform(0.65, 0.92), uneven=0.0, grain=0.0)


def any_point(random: np.random.Generator, low: float, high: float) -> tuple[float, float]:
    x, y = random.uniform(low, high, 2).tolist()
    return x, y


def place(strokes: list[Points], x: float, y: float, size: float) -> list[Points]:
    return [stroke * size + (x, y) for stroke in strokes]


def somewhere(sheet: Sheet, random: np.random.Generator, size: float) -> tuple[float, float]:
    """Return a place around which a digit of this size is within the picture, also if the camera is turned."""
    room = np.maximum(0, np.array([sheet.wide, sheet.high]) - 1.25 * size - 0.12)
    x, y = np.array([sheet.wide, sheet.high]) / 2 + random.uniform(-0.5, 0.5, 2) * room
    return float(x), float(y)


def write_digit(
    sheet: Sheet, digit: int, pen: Pen, random: np.random.Generator, x: float, y: float, size: float
) -> Cover:
    """Write a digit of height `size` around (x, y), the pen's width included. Return its cover."""
    pen_width = max(pen.width * size, LEAST_WIDTH_PX / sheet.side_px)
    strokes = place(write(digit, random), x, y, size - pen_width)
    cover = ink_of(sheet, strokes, pen, random, pen_width)
    sheet.darken(cover, pen.dark)
    return cover


def ink_of(sheet: Sheet, strokes: list[Points], pen: Pen, random: np.random.Generator, pen_width: float) -> Cover:
    """Return the cover of strokes, with the pen's swell, pressure and grain."""
    widths = [pen_width * _swell(len(stroke), pen.swell, random) for stroke in strokes]
    cover = sheet.strokes(zip(strokes, widths, strict=True))
    if pen.grain:
        cover = cover * np.clip(1 - pen.grain * (0.5 + sheet.noise(random, 0.006)), 0, 1)
    if pen.uneven:
        cover = cover * _pressure(sheet, pen.uneven, strokes, random)
    return cover


def _swell(count: int, share: float, random: np.random.Generator) -> Field:
    knots = random.uniform(1 - share, 1 + share, PRESSURE_WAVES)
    return np.interp(np.linspace(0, PRESSURE_WAVES - 1, count), np.arange(PRESSURE_WAVES), knots).astype(np.float32)


def _pressure(sheet: Sheet, uneven: float, strokes: list[Points], random: np.random.Generator) -> Field:
    """Return the share of full pressure: 1 at one end of the drawing, 1 - `uneven` at the other."""
    points = np.concatenate(strokes)
    angle = random.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)])
    along = points @ way
    x, y = sheet.grid()
    at = (x * way[0] + y * way[1] - along.min()) / max(np.ptp(along), 1e-6)
    pressed: Field = (1 - uneven * at.clip(0, 1)).astype(np.float32)
    return pressed


def hollow(cover: Cover, sheet: Sheet, width: float, depth: float) -> Cover:
    """Return the cover of a felt pen whose middle is paler than its rims."""
    inner = np.clip(2 * blur(cover, 0.25 * width * sheet.unit) - 1, 0, 1)
    return cover * (1 - depth * inner)
