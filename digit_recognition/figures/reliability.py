"""The reliability diagram as coordinates: how often answers were right against how sure they were."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from digit_recognition.numerals import number, percent

SIDE = 200  # of the plot, in the SVG's units
LEAST_RADIUS, MOST_RADIUS = 2.5, 9.0


@dataclass(frozen=True)
class Bin:
    """Answers alike in confidence. x, y, radius: in the SVG's units, y down; the others as people read them."""

    x: str
    y: str
    radius: str
    said: str
    right: str
    n: str


@dataclass(frozen=True)
class Diagram:
    """bins: those that hold answers; path: a line through them, as an SVG polyline's points."""

    name: str
    bins: list[Bin]
    path: str


def diagram(name: str, bins: Iterable[tuple[float, float, int]]) -> Diagram:
    """(mean confidence, share right, n) of each bin → where each is drawn. Larger dots stand for more answers."""
    held = [(said, right, n) for said, right, n in bins if n]
    most = max((n for _, _, n in held), default=1)
    drawn = [_bin(said, right, n, most) for said, right, n in held]
    return Diagram(name, drawn, " ".join(f"{one.x},{one.y}" for one in drawn))


def _bin(said: float, right: float, n: int, most: int) -> Bin:
    size = math.log1p(n) / math.log1p(most)
    return Bin(
        x=f"{said * SIDE:.1f}",
        y=f"{(1 - right) * SIDE:.1f}",
        radius=f"{LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * size**2:.1f}",
        said=percent(said * 100, ".1f"),
        right=percent(right * 100, ".1f"),
        n=number(n),
    )
