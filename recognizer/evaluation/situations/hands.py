"""Writes digits by hand: strokes of plain ways of writing, moved, bent and slanted as hands do. Knows no picture.

Own shapes, apart from those that training draws, so that no network has learnt them.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (n, 2) x, y; y down
Shape = tuple[Points, ...]  # key points of each stroke

STEPS = 14  # points between two key points
JITTER = 0.018  # standard deviation of the key points, in heights
BEND = 0.02  # largest bend of all strokes together, in heights


def straight(*percents: float) -> Points:
    """Points on straight lines: x, y, x, y, …"""
    points = np.reshape(percents, (-1, 2)) / 100
    shares = np.linspace(0, 1, STEPS)[:, None]
    pieces = [start * (1 - shares) + end * shares for start, end in pairwise(points)]
    return np.concatenate(pieces)


def curved(*percents: float) -> Points:
    """Points on a smooth curve (Catmull-Rom) through the given ones: x, y, x, y, …"""
    points = np.reshape(percents, (-1, 2)) / 100
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    shares = np.linspace(0, 1, STEPS)[:, None]
    return np.concatenate([_piece(padded[index : index + 4], shares) for index in range(len(points) - 1)])


def _piece(points: Points, at: Points) -> Points:
    before, start, end, after = points
    piece: Points = 0.5 * (
        2 * start
        + (end - before) * at
        + (2 * before - 5 * start + 4 * end - after) * at**2
        + (3 * start - before - 3 * end + after) * at**3
    )
    return piece


SHAPES: dict[int, tuple[Shape, ...]] = {
    0: (
        (curved(36, 2, 10, 14, 2, 50, 10, 86, 34, 98, 58, 86, 66, 50, 58, 14, 36, 2, 28, 6),),
        (curved(30, 0, 6, 20, 0, 58, 14, 94, 38, 96, 56, 64, 54, 22, 36, 2, 24, 3),),
        (curved(44, 4, 14, 10, 0, 48, 12, 90, 44, 98, 72, 80, 78, 44, 66, 12, 40, 3),),
    ),
    1: (
        (straight(20, 0, 18, 100),),
        (straight(0, 28, 26, 2, 25, 100),),
        (straight(6, 20, 26, 0, 25, 98), straight(2, 99, 50, 98)),
        (curved(28, 0, 22, 50, 20, 100),),
    ),
    2: (
        (curved(4, 24, 16, 4, 42, 2, 56, 22, 42, 54, 6, 96), straight(6, 96, 66, 95)),
        (curved(2, 20, 24, 0, 52, 10, 50, 38, 22, 74, 2, 97), curved(2, 97, 20, 88, 44, 94, 68, 96)),
        (curved(4, 18, 30, 0, 54, 16, 44, 48, 14, 84, 8, 96, 4, 84, 22, 80, 44, 94, 68, 92),),
    ),
    3: (
        (curved(6, 12, 28, 0, 50, 14, 44, 38, 22, 47), curved(22, 47, 54, 56, 58, 82, 32, 99, 2, 88)),
        (straight(4, 4, 54, 4, 26, 42), curved(26, 42, 54, 52, 58, 80, 34, 98, 2, 90)),
        (curved(2, 8, 34, 1, 50, 18, 38, 40, 20, 48, 42, 52, 58, 74, 38, 97, 0, 94),),
    ),
    4: (
        (straight(44, 0, 0, 64, 68, 64), straight(48, 34, 46, 100)),
        (straight(8, 2, 4, 54, 64, 52), straight(52, 4, 49, 100)),
        (curved(10, 0, 4, 36, 10, 54, 34, 54, 62, 50), straight(54, 2, 50, 98)),
        (straight(50, 100, 50, 2, 2, 66, 70, 66),),
    ),
    5: (
        (straight(58, 3, 14, 4, 10, 44), curved(10, 44, 36, 38, 58, 58, 48, 88, 22, 98, 2, 88)),
        (curved(14, 6, 10, 44, 36, 40, 56, 62, 44, 92, 20, 98, 0, 90), straight(14, 5, 60, 2)),
        (curved(60, 2, 20, 6, 12, 42, 40, 44, 54, 68, 36, 94, 2, 94),),
    ),
    6: (
        (curved(46, 0, 18, 28, 4, 64, 12, 92, 36, 98, 56, 80, 46, 58, 24, 56, 6, 74),),
        (curved(34, 0, 10, 40, 4, 76, 22, 99, 46, 90, 48, 66, 28, 58, 8, 72),),
        (curved(52, 6, 28, 10, 6, 50, 8, 86, 34, 99, 58, 84, 52, 60, 30, 54, 8, 66),),
    ),
    7: (
        (straight(0, 4, 62, 3, 22, 100),),
        (curved(2, 6, 30, 6, 62, 2, 38, 46, 26, 100), straight(12, 50, 58, 47)),
        (straight(2, 14, 4, 3, 60, 4, 26, 98),),
        (straight(0, 3, 58, 5, 18, 99), straight(10, 52, 52, 50)),
    ),
    8: (
        (
            curved(30, 46, 8, 34, 8, 10, 30, 0, 52, 10, 52, 34, 30, 46),
            curved(30, 46, 4, 62, 2, 88, 30, 100, 58, 88, 56, 62, 30, 46),
        ),
        (curved(54, 12, 30, 0, 8, 18, 26, 44, 52, 68, 46, 95, 18, 98, 4, 78, 28, 50, 54, 26, 52, 8),),
        (curved(28, 48, 6, 28, 18, 2, 46, 6, 48, 28, 8, 66, 10, 94, 40, 98, 54, 78, 30, 50),),
    ),
    9: (
        (np.concatenate([curved(52, 10, 28, 0, 4, 18, 8, 44, 32, 50, 50, 30, 52, 8), straight(52, 8, 47, 100)]),),
        (curved(52, 14, 30, 0, 4, 20, 14, 46, 42, 42, 54, 14, 52, 50, 42, 82, 18, 99, 4, 92),),
        (curved(48, 6, 18, 4, 2, 30, 20, 50, 46, 38, 54, 8, 48, 56, 34, 100),),
    ),
}


def write(digit: int, random: np.random.Generator) -> list[Points]:
    """Return the strokes of a digit in a random hand: 1 high, its middle at (0, 0)."""
    shapes = SHAPES[digit]
    shape = shapes[random.integers(len(shapes))]
    slant = _slant(random)
    return centre(_bend([stroke @ slant for stroke in _shake(shape, random)], random))


def centre(strokes: list[Points]) -> list[Points]:
    """Scale strokes to a height of 1 around (0, 0)."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    return [(stroke - (low + high) / 2) / (high[1] - low[1]) for stroke in strokes]


def _slant(random: np.random.Generator) -> Points:
    """Return the matrix of a random slant, turn and width."""
    turn, slant, wide = np.deg2rad(random.normal(0, 3)), random.normal(0.06, 0.1), random.uniform(0.8, 1.2)
    turning = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    slanted: Points = np.array([[wide, 0], [-slant, 1]]) @ turning
    return slanted


def _shake(shape: Shape, random: np.random.Generator) -> list[Points]:
    """Move the strokes a little, each as a whole and along its way. Ends that meet stay nearly together."""
    return [stroke + random.normal(0, JITTER / 2, 2) + _drift(len(stroke), random) for stroke in shape]


def _drift(count: int, random: np.random.Generator) -> Points:
    knots = random.normal(0, JITTER, (5, 2))
    at = np.linspace(0, 4, count)
    return np.stack([np.interp(at, np.arange(5), knots[:, axis]) for axis in (0, 1)], 1)


def _bend(strokes: list[Points], random: np.random.Generator) -> list[Points]:
    waves, phases, sizes = random.uniform(2, 6, 2), random.uniform(0, 2 * np.pi, 2), random.uniform(0, BEND, 2)
    return [stroke + sizes * np.sin(stroke[:, ::-1] * waves + phases) for stroke in strokes]
