"""Printed and drawn frames around a digit. Knows no digit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recognizer.evaluation.situations.hands import Points
from recognizer.evaluation.situations.sheet import BEYOND, Cover, Path, Sheet

WIDTHS_PX = (1, 8)  # of lines in the finished picture
MOST_WIDTH = 0.035  # of lines, in shorter sides
MOST_GAP = 0.25
ROUND_STEPS = 8


@dataclass(frozen=True)
class Frame:
    """Lengths in shorter sides of the picture. gap: from the picture's edge to the middle of the line.

    sides: of l, r, t, b. dash, pause: lengths along the line; 0 for an unbroken line. radius: of the corners. wobble:
    of a line drawn by hand. double: the distance of a second line inside. open: how much is missing at one corner.
    over: how far each line goes on at both ends.
    """

    gap: float
    width: float
    dark: float
    sides: str = "lrtb"
    dash: float = 0.0
    pause: float = 0.0
    radius: float = 0.0
    wobble: float = 0.0
    double: float = 0.0
    open: float = 0.0
    over: float = 0.0

    @property
    def inside(self) -> float:
        """The distance from the picture's edge to the paper inside."""
        return max(0.0, self.gap + self.width / 2 + self.double)


def any_frame(random: np.random.Generator, side_px: int) -> Frame:
    width = any_width(random, side_px)
    return Frame(any_gap(random, width), width, random.uniform(0.5, 0.9))


def any_width(random: np.random.Generator, side_px: int) -> float:
    low, high = (px / side_px for px in WIDTHS_PX)
    return float(np.exp(random.uniform(np.log(low), np.log(max(low, min(high, MOST_WIDTH))))))


def any_gap(random: np.random.Generator, width: float) -> float:
    """Return none in a quarter of the cases."""
    return random.uniform(-width / 4, width / 2) if random.random() < 0.25 else random.uniform(0, MOST_GAP)


def draw_frame(sheet: Sheet, frame: Frame, random: np.random.Generator) -> Cover:
    """Draw a frame, and return its cover."""
    cover = sheet.lines(paths_of(sheet, frame, random), frame.width)
    sheet.darken(cover, frame.dark)
    return cover


def paths_of(sheet: Sheet, frame: Frame, random: np.random.Generator) -> list[Points]:
    whole = frame.sides == "lrtb" and not frame.open
    lines = [_loop(sheet, frame, frame.gap)] if whole and frame.radius else list(_sides(sheet, frame, frame.gap))
    if frame.double:
        lines += _sides(sheet, frame, frame.gap + frame.double)
    shaken = [_shake(line, frame.wobble, random) for line in lines]
    return [part for line in shaken for part in _dashes(line, frame)]


def _sides(sheet: Sheet, frame: Frame, gap: float) -> Iterator[Points]:
    left, top, right, bottom = gap, gap, sheet.wide - gap, sheet.high - gap
    cut, over = frame.open, frame.over
    ends = {
        "l": ((left, top - over), (left, bottom + over)),
        "r": ((right, top + cut - over), (right, bottom + over)),
        "t": ((left - over, top), (right - cut + over, top)),
        "b": ((left - over, bottom), (right + over, bottom)),
    }
    for side in frame.sides:
        yield _dense(ends[side])


def _loop(sheet: Sheet, frame: Frame, gap: float) -> Points:
    left, top, right, bottom = gap, gap, sheet.wide - gap, sheet.high - gap
    radius = frame.radius
    middles = [(right - radius, top + radius), (right - radius, bottom - radius)]
    middles += [(left + radius, bottom - radius), (left + radius, top + radius)]
    angles = np.linspace(0, np.pi / 2, ROUND_STEPS)
    arcs = [
        np.stack([x + radius * np.sin(angles + quarter), y - radius * np.cos(angles + quarter)], 1)
        for (x, y), quarter in zip(middles, np.arange(4) * np.pi / 2, strict=True)
    ]
    closed = np.concatenate([*arcs, arcs[0][:1]])
    return _dense(closed)


def _dense(path: Path) -> Points:
    """Return points about 0.02 apart."""
    points = np.asarray(path, float)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], max(2, int(along[-1] / 0.02)))
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], 1)


def _shake(line: Points, wobble: float, random: np.random.Generator) -> Points:
    if not wobble:
        return line
    knots = random.normal(0, wobble, (6, 2)) + random.normal(0, wobble, 2)
    at = np.linspace(0, 5, len(line))
    return line + np.stack([np.interp(at, np.arange(6), knots[:, axis]) for axis in (0, 1)], 1)


def _dashes(line: Points, frame: Frame) -> Iterator[Points]:
    if not frame.dash:
        yield line
        return
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    for start in np.arange(0, along[-1], frame.dash + frame.pause):
        at = np.linspace(start, min(start + frame.dash, along[-1]), 4)
        yield np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], 1)


def draw_grid(sheet: Sheet, columns: list[float], rows: list[float], width: float, dark: float) -> Cover:
    """Draw lines through the whole sheet, at these places across and down."""
    far = 1 + BEYOND + max(sheet.wide, sheet.high)
    upright = [((x, -BEYOND), (x, far)) for x in columns]
    level = [((-BEYOND, y), (far, y)) for y in rows]
    cover = sheet.lines([*upright, *level], width)
    sheet.darken(cover, dark)
    return cover
