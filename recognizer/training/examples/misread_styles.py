"""Digits as hands write them that released models misread: each style varies within limits that keep it that digit.

A style is a function that draws one digit: strokes of (n, 2), x to the right, y down, about 1 high. Strokes that close
a bowl run on past the point where they meet the line: distortion cuts their ends, and an open 6 is a 5.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from recognizer.training.examples.styles import curve_through

Array = npt.NDArray[np.float64]
Style = Callable[[np.random.Generator], list[Array]]
Corner = tuple[float, float]

SHAKE = 0.012  # standard deviation of a point, in heights: less than in `styles`, as the shapes are closer to others


def draw_misread(random: np.random.Generator) -> tuple[int, list[Array]]:
    """Return a digit in one of the styles, all of them equally often, and its strokes."""
    digit, style = STYLES[random.integers(len(STYLES))]
    return digit, style(random)


def strike_through(strokes: Sequence[Array], random: np.random.Generator) -> Array:
    """Return a straight, about level line through a drawing's middle. It sticks out at both sides."""
    points = np.concatenate(list(strokes))
    low, high = points.min(0), points.max(0)
    wide, tall = high - low
    ends = [low[0] - random.uniform(0.08, 0.5) * wide, high[0] + random.uniform(0.08, 0.5) * wide]
    middle = low[1] + random.uniform(0.36, 0.64) * tall
    return np.array([[x, middle + random.normal(0, 0.04) * tall] for x in ends])


def corners(*points: Corner, random: np.random.Generator) -> Array:
    """Return straight lines from corner to corner."""
    return np.array(points) + random.normal(0, SHAKE, (len(points), 2))


def curve(*points: Corner, random: np.random.Generator) -> Array:
    """Return a smooth line through the points."""
    return curve_through(corners(*points, random=random))


def block_zero(random: np.random.Generator) -> list[Array]:
    """Four straight lines, upright: a wider box is not a digit."""
    wide, cut = random.uniform(0.36, 0.54), random.choice([0.0, random.uniform(0.08, 0.18)])
    right_edge, left_edge = (cut, 1 - cut), (1 - cut, cut)
    around = [(cut, 0.0), (wide - cut, 0.0), *((wide, y) for y in right_edge)]
    around += [(wide - cut, 1.0), (cut, 1.0), *((0.0, y) for y in left_edge), (cut, 0.0), (wide * 0.6, 0.01)]
    return [corners(*around, random=random)]


def block_six(random: np.random.Generator) -> list[Array]:
    """As a pocket calculator shows it."""
    wide, middle = random.uniform(0.42, 0.62), random.uniform(0.42, 0.58)
    top = random.uniform(0.7, 1.05) * wide
    bowl = [(0.0, 1.0), (wide, 1.0), (wide, middle), (0.0, middle), (0.02, middle + 0.15)]
    return [corners((top, 0.0), (0.0, 0.0), *bowl, random=random)]


def bowl_of_six(top: float, wide: float) -> list[Corner]:
    """Return points around the bowl, from its left side counterclockwise, past the start."""
    middle = (top + 1) / 2
    around = [(0.0, middle), (0.12 * wide, 0.94), (0.5 * wide, 1.0), (0.95 * wide, 0.85), (wide, middle)]
    return [*around, (0.6 * wide, top), (0.12 * wide, top + 0.08), (-0.01, middle), (0.07 * wide, 0.88)]


def flat_topped_six(random: np.random.Generator) -> list[Array]:
    """A long flat bar, a straight back, a closed bowl; the bar may be a stroke of its own."""
    wide, top = random.uniform(0.42, 0.6), random.uniform(0.42, 0.56)
    lean, bar = random.uniform(0.0, 0.14), random.uniform(0.32, 0.62)
    edge = (lean + bar, random.uniform(-0.04, 0.05))
    back = [(lean, 0.0), (0.02, (top + 1) / 2)]
    bowl = curve(*bowl_of_six(top, wide), random=random)
    if random.random() < 0.4:
        return [np.concatenate([corners(*back, random=random), bowl]), corners(back[0], edge, random=random)]
    return [np.concatenate([corners(edge, *back, random=random), bowl])]


def straight_backed_six(random: np.random.Generator) -> list[Array]:
    """A straight line down to a small closed bowl."""
    wide, top = random.uniform(0.36, 0.56), random.uniform(0.5, 0.64)
    start = (random.uniform(-0.02, 0.34), 0.0)
    bowl = curve(*bowl_of_six(top, wide), random=random)
    return [np.concatenate([corners(start, random=random), bowl])]


def seven_with_short_leg(random: np.random.Generator) -> list[Array]:
    """Narrow, with a short stroke down at its left, as in East Asia; the bar is flat, which the flag of a 1 is not."""
    wide, leg = random.uniform(0.24, 0.5), random.uniform(0.16, 0.4)
    foot = wide - random.uniform(-0.02, 0.4) * wide
    left = [(random.uniform(-0.03, 0.03), leg), (0.0, 0.0)]
    if random.random() < 0.5:  # in two strokes
        return [corners(*left, random=random), corners((0.0, 0.02), (wide, 0.0), (foot, 1.0), random=random)]
    return [corners(*left, (wide, 0.0), (foot, 1.0), random=random)]


def open_four(random: np.random.Generator) -> list[Array]:
    """An angle or a bow, open above, and a long stem."""
    wide, low = random.uniform(0.28, 0.56), random.uniform(0.34, 0.6)
    start, out = (random.uniform(0.0, 0.16), random.uniform(0.0, 0.15)), wide + random.uniform(0.0, 0.2)
    stem = corners((wide, random.uniform(-0.04, 0.2)), (wide + random.uniform(-0.1, 0.03), 1.0), random=random)
    if random.random() < 0.5:
        return [corners(start, (0.0, low), (out, low - random.uniform(0.0, 0.06)), random=random), stem]
    bow = [start, (0.0, 0.6 * low), (0.12, 0.97 * low), (0.5 * wide, low), (wide, 0.9 * low)]
    return [curve(*bow, random=random), stem]


def four_with_triangle(random: np.random.Generator) -> list[Array]:
    """A closed triangle on a stem; its left corner is sharp and low, where the head of a 9 is round."""
    wide, low = random.uniform(0.34, 0.6), random.uniform(0.34, 0.64)
    apex, out = (wide, 0.0), wide + random.choice([0.0, random.uniform(0.05, 0.2)])
    foot = (wide + random.uniform(-0.08, 0.02), 1.0)
    if random.random() < 0.5:
        return [corners(apex, (0.0, low), (out, low), random=random), corners(apex, foot, random=random)]
    return [corners(foot, apex, (0.0, low), (out, low - 0.01), random=random)]


def two_without_tail(random: np.random.Generator) -> list[Array]:
    """A round top and a sweep that ends left of its start, flat; most with a flick where the tail would be."""
    end, high = random.uniform(-0.16, -0.02), random.uniform(0.24, 0.36)
    sweep = [(0.02, high), (0.18, 0.03), (0.42, 0.03), (0.52, 0.24), (0.38, 0.56), (0.12, 0.84), (end, 0.96)]
    flick = [(end + 0.05, 1.0), (end + random.uniform(0.12, 0.3), 0.98)] if random.random() < 0.6 else []
    return [curve(*sweep, *flick, random=random)]


def eight_open_at_top(random: np.random.Generator) -> list[Array]:
    """Begun at the upper right: down like an S, up again, and past the start without meeting it."""
    gap, low = random.uniform(0.06, 0.3), random.uniform(0.42, 0.52)
    down = [(0.46 - gap / 2, 0.05), (0.2, 0.01), (0.03, 0.2), (0.26, low), (0.5, 0.76), (0.26, 1.0)]
    up = [(0.02, 0.78), (0.26, low + 0.02), (0.44, 0.26), (0.48 + gap / 2, random.uniform(-0.06, 0.1))]
    return [curve(*down, *up, random=random)]


STYLES: tuple[tuple[int, Style], ...] = (
    (0, block_zero),
    (2, two_without_tail),
    (4, open_four),
    (4, four_with_triangle),
    (6, flat_topped_six),
    (6, straight_backed_six),
    (6, block_six),
    (7, seven_with_short_leg),
    (8, eight_open_at_top),
)
