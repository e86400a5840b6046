"""Not-digits: lines of forms and tables without a digit. Frames, combs, corners, crossings, and what is left of them.

Lines that could be a digit are left out: a single upright line and one on a base line are ones, a corner at the upper
right is a seven, and a narrow frame is a zero.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Lines = list[Array]

LEAST_WIDTH = 1.05  # of frames, in heights; a zero of straight lines is about half as wide as high
SHAKE = 0.015  # standard deviation of the lines' ends, in heights


def form_lines(random: np.random.Generator) -> Lines:
    """Return lines as strokes, drawn by a ruler: about 1 high, straight to within a shake."""
    kinds = [frame, table, comb, corner, tee, crossing, parallels]
    lines = kinds[random.integers(len(kinds))](random)
    return [line + random.normal(0, SHAKE, line.shape) for line in lines]


def across(y: float, start: float, end: float) -> Array:
    return np.array([[start, y], [end, y]])


def down(x: float, start: float, end: float) -> Array:
    return np.array([[x, start], [x, end]])


def width(random: np.random.Generator) -> float:
    """Return the width of a frame: square, or as wide as a table's cell."""
    return float(random.choice([random.uniform(LEAST_WIDTH, 1.3), random.uniform(1.3, 3.5)]))


def frame(random: np.random.Generator) -> Lines:
    return box(width(random), random)


def box(wide: float, random: np.random.Generator) -> Lines:
    """Return four sides; they may run past the corners, as the lines of a table do."""
    past = random.choice([0.0, random.uniform(0, 0.25)])
    return [*(across(y, -past, wide + past) for y in (0, 1)), *(down(x, -past, 1 + past) for x in (0, wide))]


def table(random: np.random.Generator) -> Lines:
    """Return a box with lines inside."""
    wide = width(random)
    lines = box(wide, random)
    lines += [down(wide * share, 0, 1) for share in random.uniform(0.25, 0.75, random.integers(0, 3))]
    return [*lines, *(across(share, 0, wide) for share in random.uniform(0.25, 0.75, random.integers(1, 3)))]


def comb(random: np.random.Generator) -> Lines:
    """Return three sides of a box, or a row of fields open above."""
    if random.random() < 0.5:
        lines = frame(random)
        del lines[random.integers(4)]
        return lines
    fields, wide = int(random.integers(2, 5)), random.uniform(0.6, 1.2)
    base = across(1, 0, fields * wide)
    return [base, *(down(place * wide, 1 - random.uniform(0.3, 1), 1) for place in range(fields + 1))]


def corner(random: np.random.Generator) -> Lines:
    """Return an L, its mirror image or a Γ, with arms of about the same length."""
    arm = random.uniform(0.8, 1.6)
    edge, side = [(1.0, 0.0), (1.0, arm), (0.0, 0.0)][random.integers(3)]
    past = random.choice([0.0, random.uniform(0, 0.2)])
    return [across(edge, -past, arm + past), down(side, -past, 1 + past)]


def tee(random: np.random.Generator) -> Lines:
    """Return a T of wide arms, or one that lies on its left side."""
    if random.random() < 0.5:
        wide = random.uniform(1, 2)
        return [across(0, 0, wide), down(wide * random.uniform(0.4, 0.6), 0, 1)]
    return [down(0, 0, 1), across(random.uniform(0.25, 0.75), 0, random.uniform(0.8, 2))]


def crossing(random: np.random.Generator) -> Lines:
    """Return lines that cross: two each way, or one across and one or two upright."""
    wide = random.uniform(0.9, 2)
    rows = random.uniform(0.2, 0.8, random.integers(1, 3))
    columns = random.uniform(0.2, 0.8, random.integers(1, 3))
    return [*(across(share, 0, wide) for share in rows), *(down(wide * share, 0, 1) for share in columns)]


def parallels(random: np.random.Generator) -> Lines:
    """Return two to four lines, all across or all upright, of unlike lengths and well apart."""
    make: Callable[[float, float, float], Array] = across if random.random() < 0.5 else down
    count, apart = int(random.integers(2, 5)), random.uniform(0.5, 1.2)
    starts, ends = random.uniform(0, 0.3, count), random.uniform(0.9, 1.4, count)
    return [make(place * apart, start, end) for place, (start, end) in enumerate(zip(starts, ends, strict=True))]
