"""Draws groups of digits as strokes: rows and columns at all gaps, and a digit with much of the next one. No digits.

Digits that touch may look like one: 0 and 1 make a 6, 9 or 8, two ones a thick one. Such pairs stay apart here.
Lengths are in heights of a digit. `picture_groups` does the same with pictures.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import Drawing

Array = npt.NDArray[np.float64]
Strokes = Sequence[Array]

ROW, COLUMN = 0, 1  # the axis along which digits follow each other
COUNTS = ((2, 3, 4), (0.72, 0.2, 0.08)), ((2, 3), (0.9, 0.1))  # digits in a row and a column, and how often
UNLIKE = 0.4  # share of groups whose digits have unlike sizes
SMALLEST = 0.5  # of the digits of unlike sizes
MOST_OVERLAP = 0.12  # of two boxes in a row, and at most 0.4 of the narrower box
MOST_OVERLAP_ABOVE = 0.04  # of two boxes in a column
CLOSE, FAR = 0.3, 2.3  # largest gap of close digits, and of all: two 28 px pictures side by side have 1.6 and more
CLOSELY = 0.65  # share of close gaps, which are harder
# The upper digit of a column, and those below it with which it may look like one digit where they touch: 0 over 0 is
# like an 8, 0 over 1 a 9, 1 over 0 a 6, 7 over 1 a 7.
LIKE_ONE_ABOVE = {"0": "01", "1": "016", "4": "1", "7": "1", "9": "1"}
MUCH = (0.55, 0.95)  # of the next digit's box; with less it could be a stray mark
STEPS = 40  # points along a stroke that is cut


def group(digits: Sequence[Drawing], axis: int, random: np.random.Generator) -> list[Array]:
    """Put digits in a row or a column: of like or unlike sizes and slants, from touching to far apart."""
    alike = random.random() >= UNLIKE
    sizes = random.normal(1, 0.06, len(digits)) if alike else random.uniform(SMALLEST, 1, len(digits))
    placed = [stand(digits[0], sizes[0], random)]
    for (before, digit), size in zip(pairwise(digits), sizes[1:], strict=True):
        strokes = stand(digit, size, random)
        narrower = min(extent(placed[-1])[axis], extent(strokes)[axis])
        gap = draw_gap(least_gap(before.label, digit.label, axis, narrower), random)
        placed.append(follow(placed[-1], strokes, axis, gap, random))
    return [stroke for strokes in placed for stroke in strokes]


def with_much_of_the_next(digits: Sequence[Drawing], random: np.random.Generator) -> list[Array]:
    """Put two digits side by side or one above the other, and cut off a part of the first or the second."""
    axis = COLUMN if random.random() < 0.25 else ROW
    first, second = (stand(digit, random.normal(1, 0.06), random) for digit in digits)
    gap = max(random.uniform(0.03, 0.4), least_gap(digits[0].label, digits[1].label, axis, 0.0))
    second = follow(first, second, axis, gap, random)
    if random.random() < 0.5:
        return [*first, *cut(second, axis, random.uniform(*MUCH), keep_low=True)]
    return [*cut(first, axis, random.uniform(*MUCH), keep_low=False), *second]


def least_gap(first: str, second: str, axis: int, narrower: float) -> float:
    """Return the smallest gap at which two digits, in this order, do not look like one."""
    if axis == COLUMN:
        return 0.3 if second in LIKE_ONE_ABOVE.get(first, "") else -min(MOST_OVERLAP_ABOVE, 0.4 * narrower)
    if (first, second) == ("1", "1"):
        return 0.45  # the widest pen leaves white between them
    if "1" in (first, second):
        closed = "0" in (first, second) or (first, second) == ("1", "3")  # 10 is like a 6, 01 a 9, 13 a B
        return 0.2 if closed else 0.12  # a 1 that leans on a bowl disappears in its side
    return -min(MOST_OVERLAP, 0.4 * narrower)


def draw_gap(least: float, random: np.random.Generator) -> float:
    if random.random() < CLOSELY:
        return float(random.uniform(least, least + CLOSE))
    return float(random.uniform(max(least, CLOSE), FAR))


def stand(digit: Drawing, height: float, random: np.random.Generator) -> list[Array]:
    """Return the digit's strokes with this height and a slant of its own, its box's corner at 0."""
    slant = np.array([[1.0, 0.0], [-random.normal(0, 0.1), 1.0]])
    strokes = [stroke @ slant for stroke in digit.strokes if len(stroke)]
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    return [(stroke - low) * (height / max(high[1] - low[1], 1e-6)) for stroke in strokes]


def follow(before: Strokes, strokes: Strokes, axis: int, gap: float, random: np.random.Generator) -> list[Array]:
    """Move strokes behind others, along the axis; across it their middles or ends are about level."""
    points = np.concatenate(list(before))
    low, high = points.min(0), points.max(0)
    own = extent(strokes)
    move = low + random.choice([0.0, 0.5, 0.5, 1.0]) * (high - low - own) + random.normal(0, 0.07, 2)
    move[axis] = high[axis] + gap
    return [stroke + move for stroke in strokes]


def extent(strokes: Strokes) -> Array:
    """Return width and height of the strokes' box."""
    size: Array = np.ptp(np.concatenate(list(strokes)), axis=0)
    return size


def cut(strokes: Strokes, axis: int, share: float, *, keep_low: bool) -> list[Array]:
    """Keep this share of the drawing's box, its lower or its higher end along the axis."""
    points = np.concatenate(list(strokes))
    low, high = points[:, axis].min(), points[:, axis].max()
    limit = low + share * (high - low) if keep_low else high - share * (high - low)
    return [run for stroke in strokes for run in runs(spread(stroke), axis, limit, keep_low=keep_low)]


def runs(stroke: Array, axis: int, limit: float, *, keep_low: bool) -> list[Array]:
    """Return the parts of a stroke on one side of a limit, of two points or more."""
    inside = (stroke[:, axis] <= limit) == keep_low
    parts = np.split(np.arange(len(stroke)), np.flatnonzero(np.diff(inside)) + 1)
    return [stroke[part] for part in parts if inside[part[0]] and len(part) > 1]


def spread(stroke: Array) -> Array:
    """Return as many points along every stroke, evenly spread."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    wanted = np.linspace(0, along[-1], STEPS)
    return np.stack([np.interp(wanted, along, stroke[:, side]) for side in (0, 1)], 1)
