"""Characters of no alphabet, composed as real ones are: strokes of lines, arcs, hooks and loops that start on others.

After the parts and relations of Lake and others (Science 350, 2015); own code.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STROKES = (0.1, 0.34, 0.3, 0.18, 0.08)  # probabilities of 1 to 5 strokes
PARTS = (0.5, 0.35, 0.15)  # probabilities of 1 to 3 parts in a stroke
LEAST_PARTS = 3  # in a character: fewer could be a digit
STEPS = 12  # points a part


def compose(random: np.random.Generator) -> list[Array]:
    """Return a character's strokes, (n, 2) each; it is about 1 high."""
    counts = [0]
    while sum(counts) < LEAST_PARTS:
        counts = [_draw_count(PARTS, random) for _ in range(_draw_count(STROKES, random))]
    strokes: list[Array] = []
    for count in counts:
        stroke = _stroke(count, random)
        strokes.append(stroke + _start(strokes, random) - _anchor(stroke, random))
    return strokes


def _draw_count(chances: tuple[float, ...], random: np.random.Generator) -> int:
    """Draw 1, 2, … with these probabilities."""
    return 1 + int(random.choice(len(chances), p=chances))


def _start(strokes: list[Array], random: np.random.Generator) -> Array:
    """Choose where the next stroke goes: an end of an earlier stroke, a point along it, or anywhere."""
    if not strokes or random.random() < 0.3:
        anywhere: Array = random.uniform(0, 1, 2)
        return anywhere
    earlier = strokes[random.integers(len(strokes))]
    point: Array = earlier[random.choice([0, len(earlier) - 1, int(random.integers(len(earlier)))])]
    return point


def _anchor(stroke: Array, random: np.random.Generator) -> Array:
    """Choose the stroke's point to put there: mostly its start, so that it branches off, else its middle."""
    point: Array = stroke[0 if random.random() < 0.6 else len(stroke) // 2]
    return point


def _stroke(parts: int, random: np.random.Generator) -> Array:
    """Join `parts` lines and arcs, smoothly or at a corner."""
    heading, pen, points = random.choice(8) * np.pi / 4 + random.normal(0, 0.15), np.zeros(2), []
    for _ in range(parts):
        bend = _bend(random)
        headings = heading + np.linspace(0, bend, STEPS)
        length = random.uniform(0.25, 0.9) * (1 + abs(bend) / np.pi * 0.5)
        line = np.cumsum(np.stack([np.cos(headings), np.sin(headings)], 1) * length / STEPS, axis=0)
        points.append(pen + np.concatenate([np.zeros((1, 2)), line]))
        pen = points[-1][-1]
        corner = random.choice([0.0, np.pi / 2, -np.pi / 2, 2.4, -2.4], p=[0.3, 0.25, 0.25, 0.1, 0.1])
        heading = headings[-1] + corner + random.normal(0, 0.2)
    return np.concatenate(points)


def _bend(random: np.random.Generator) -> float:
    """Draw how far a part turns, in radians: a line, an arc, a hook or a loop."""
    kind = random.random()
    if kind < 0.45:
        return float(random.normal(0, 0.1))
    most = (np.pi, 1.6 * np.pi, 2.2 * np.pi)[int(kind > 0.75) + int(kind > 0.9)]
    return float(random.choice([-1, 1]) * random.uniform(0.3, 1) * most)
