"""Lines and curves for the drawings in this folder, in a box of about 100 × 140, y down."""

import math
import random
from itertools import pairwise

from tests.golden.drawings import Drawing, Stroke, dense

Point = tuple[float, float]
STEP = 5.0  # between the points of a curve, about as far as a mouse reports them


def line(points: str) -> Stroke:
    """Straight from point to point, with no points between them; "x,y x,y …"."""
    return [[x, y] for x, y in _points(points)]


def curve(points: str) -> Stroke:
    """A smooth line through the points (a Catmull-Rom spline), with a point about every `STEP`; "x,y x,y …"."""
    return _spline(_points(points))


def tilt(drawing: Drawing, angle_deg: float) -> Drawing:
    """Turned clockwise about the middle of the box."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return [
        [[50 + (x - 50) * cos - (y - 70) * sin, 70 + (x - 50) * sin + (y - 70) * cos] for x, y in stroke]
        for stroke in drawing
    ]


def scale(drawing: Drawing, x_scale: float, y_scale: float) -> Drawing:
    return [[[x * x_scale, y * y_scale] for x, y in stroke] for stroke in drawing]


def move(drawing: Drawing, right: float) -> Drawing:
    return [[[x + right, y] for x, y in stroke] for stroke in drawing]


def on_grid(drawing: Drawing, pitch: float) -> Drawing:
    """As from a hurried mouse: few points, far apart, joined by straight lines."""
    return [_distinct([[round(x / pitch) * pitch, round(y / pitch) * pitch] for x, y in stroke]) for stroke in drawing]


def cut_gap(stroke: Stroke, start: float, end: float) -> Drawing:
    """The stroke with a gap, where the pen left the paper; `start` and `end` are shares of its length."""
    points = dense(stroke, 2)
    lengths = [0.0]
    for point, other in pairwise(points):
        lengths.append(lengths[-1] + math.dist(point, other))
    shares = [length / lengths[-1] for length in lengths]
    before = [point for point, share in zip(points, shares, strict=True) if share <= start]
    after = [point for point, share in zip(points, shares, strict=True) if share >= end]
    return [part for part in (before, after) if len(part) > 1]


def draw_with_mouse(drawing: Drawing, amplitude: float, seed: int) -> Drawing:
    """As drawn with a mouse by an unsteady hand: the line wanders, and each point lies a little off, on whole units."""
    chance = random.Random(seed)
    return [_wandering(dense(stroke, STEP), amplitude, chance) for stroke in drawing]


def _points(text: str) -> list[Point]:
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def _spline(points: list[Point]) -> Stroke:
    knots = [_beyond(points[0], points[1]), *points, _beyond(points[-1], points[-2])]
    drawn = [[*points[0]]]
    for before, start, end, after in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        count = max(2, round(math.dist(start, end) / STEP))
        drawn += [_between(before, start, end, after, part / count) for part in range(1, count + 1)]
    return drawn


def _distinct(points: Stroke) -> Stroke:
    return [points[0], *(point for last, point in pairwise(points) if point != last)]


def _wandering(points: Stroke, amplitude: float, chance: random.Random) -> Stroke:
    off_x = off_y = 0.0
    shaken = []
    for x, y in points:
        off_x = 0.7 * off_x + chance.gauss(0, amplitude)
        off_y = 0.7 * off_y + chance.gauss(0, amplitude)
        shaken.append([float(round(x + off_x)), float(round(y + off_y))])
    return shaken


def _beyond(end: Point, neighbour: Point) -> Point:
    return 2 * end[0] - neighbour[0], 2 * end[1] - neighbour[1]


def _between(before: Point, start: Point, end: Point, after: Point, share: float) -> list[float]:
    t = share
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2)
    knots = (before, start, end, after)
    return [
        round(sum(weight * knot[axis] for weight, knot in zip(weights, knots, strict=True)) / 2, 1) for axis in (0, 1)
    ]
