"""Computes the reliability diagram: the share of correct answers by confidence, as coordinates of an SVG."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from digit_recognition.numerals import number, percent

SIDE = 200  # of the plot, in the SVG's units
LEAST_RADIUS, MOST_RADIUS = 2.5, 9.0


@dataclass(frozen=True)
class Bin:
    """Answers of similar confidence. x, y, radius: in the SVG's units, y down. The others are texts to show."""

    x: str
    y: str
    radius: str
    confidence: str
    correct: str
    n: str


@dataclass(frozen=True)
class Diagram:
    """bins: only those with answers. path: a line through them, as the points of an SVG polyline."""

    name: str
    bins: list[Bin]
    path: str


def diagram(name: str, bins: Iterable[tuple[float, float, int]]) -> Diagram:
    """bins: mean confidence, share of correct answers and n of each. A larger dot stands for more answers."""
    filled = [(confidence, correct, n) for confidence, correct, n in bins if n]
    most = max((n for _, _, n in filled), default=1)
    dots = [_bin(confidence, correct, n, most) for confidence, correct, n in filled]
    return Diagram(name, dots, " ".join(f"{dot.x},{dot.y}" for dot in dots))


def _bin(confidence: float, correct: float, n: int, most: int) -> Bin:
    size = math.log1p(n) / math.log1p(most)
    return Bin(
        x=f"{confidence * SIDE:.1f}",
        y=f"{(1 - correct) * SIDE:.1f}",
        radius=f"{LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * size**2:.1f}",
        confidence=percent(confidence * 100, ".1f"),
        correct=percent(correct * 100, ".1f"),
        n=number(n),
    )
