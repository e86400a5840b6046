"""Drawings that we make up: a plain upright line, which is a 1, and many things that are not digits."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recognizer.training.data import NOT_A_DIGIT
from recognizer.training.formats import Drawing

Array = npt.NDArray[np.float64]
LIKE_DIGITS = frozenset("OoIlSsZzBbgqDQ|")  # letters that could as well be digits train nothing
SHARES = {"upright": 0.08, "lying": 0.08, "letter": 0.38, "two digits": 0.16, "scribble": 0.15, "shape": 0.15}


class MadeUp:
    """Draws labelled drawings at random, from `letters`, which may be none, and `digits` of the training writers."""

    def __init__(self, letters: Sequence[Drawing], digits: Sequence[Drawing], random: np.random.Generator) -> None:
        self.letters = [letter for letter in letters if letter.label not in LIKE_DIGITS]
        self.digits = digits
        self.random = random

    def drawings(self, count: int) -> tuple[list[list[Array]], npt.NDArray[np.int64]]:
        """`count` drawings, each a list of strokes (n, 2), and their classes."""
        shares = {kind: share for kind, share in SHARES.items() if self.letters or kind != "letter"}
        chances = np.array(list(shares.values()))
        kinds = self.random.choice(list(shares), size=count, p=chances / chances.sum())
        classes = np.where(kinds == "upright", 1, NOT_A_DIGIT)
        return [self._drawing(str(kind)) for kind in kinds], classes

    def _drawing(self, kind: str) -> list[Array]:
        match kind:
            case "upright":
                return [line(self.random.normal(0, 0.12) + np.pi / 2, self.random)]
            case "lying":
                return [line(self.random.uniform(-0.4, 0.4), self.random)]
            case "letter":
                return list(self._one(self.letters).strokes)
            case "two digits":
                return side_by_side(self._one(self.digits), self._one(self.digits), self.random)
            case "scribble":
                return scribble(self.random)
        return shape(self.random)

    def _one(self, drawings: Sequence[Drawing]) -> Drawing:
        return drawings[int(self.random.integers(len(drawings)))]


def line(angle: float, random: np.random.Generator) -> Array:
    """A slightly bent line; y down, so that π/2 is upright."""
    along = np.linspace(0, 1, 20)
    bent = random.normal(0, 0.04) * np.sin(np.pi * along)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([along * cosine - bent * sine, along * sine + bent * cosine], 1)


def side_by_side(left: Drawing, right: Drawing, random: np.random.Generator) -> list[Array]:
    """Two digits of about one height, next to each other; at times they touch."""
    first, second = ([stroke / _height(one.strokes) for stroke in one.strokes] for one in (left, right))
    edge = max(stroke[:, 0].max() for stroke in first)
    start = min(stroke[:, 0].min() for stroke in second)
    top = min(stroke[:, 1].min() for stroke in first) - min(stroke[:, 1].min() for stroke in second)
    move = np.array([edge - start + random.uniform(-0.02, 0.5), top + random.normal(0, 0.1)])
    return first + [stroke + move for stroke in second]


def _height(strokes: Sequence[Array]) -> float:
    return float(max(np.ptp(np.concatenate(strokes)[:, 1]), 1e-6))


def scribble(random: np.random.Generator) -> list[Array]:
    """A pen that runs to and fro: a smooth curve through random points, or a tight zigzag."""
    if random.random() < 0.5:
        knots = random.uniform(0, 1, (random.integers(6, 16), 2))
        along = np.linspace(0, len(knots) - 1, 160)
        smooth = np.stack([np.interp(along, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], 1)
        kernel = np.ones(7) / 7
        return [np.stack([np.convolve(smooth[:, axis], kernel, "valid") for axis in (0, 1)], 1)]
    teeth = int(random.integers(5, 14))
    across = np.linspace(0, 1, teeth) + random.normal(0, 0.02, teeth)
    up = np.arange(teeth) % 2 * random.uniform(0.3, 1.2) + random.normal(0, 0.05, teeth)
    return [np.stack([across, up], 1)]


def shape(random: np.random.Generator) -> list[Array]:
    """A figure that people doodle; turned a little now and then."""
    figures = [
        polygon(3),
        polygon(4),
        polygon(5),
        star(),
        cross(),
        plus(),
        check(),
        arrow(),
        heart(),
        spiral(),
        wave(),
        grid(),
        smile(),
    ]
    figure = figures[random.integers(len(figures))]
    angle = random.normal(0, 0.2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [stroke @ turn for stroke in figure]


def circle(centre: tuple[float, float], radius: float, start: float = 0.0, turns: float = 1.0) -> Array:
    angle = 2 * np.pi * (start + np.linspace(0, turns, 40))
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


def polygon(corners: int) -> list[Array]:
    angle = 2 * np.pi * np.arange(corners + 1) / corners - np.pi / 2 + (np.pi / 4 if corners == 4 else 0)
    return [np.stack([np.cos(angle), np.sin(angle)], 1)]


def star() -> list[Array]:
    return [polygon(5)[0][[0, 2, 4, 1, 3, 0]]]


def cross() -> list[Array]:
    return [np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])]


def plus() -> list[Array]:
    return [np.array([[0.5, 0.0], [0.5, 1.0]]), np.array([[0.0, 0.5], [1.0, 0.5]])]


def check() -> list[Array]:
    return [np.array([[0.0, 0.6], [0.35, 1.0], [1.0, 0.0]])]


def arrow() -> list[Array]:
    return [np.array([[0.0, 0.5], [1.0, 0.5]]), np.array([[0.6, 0.2], [1.0, 0.5], [0.6, 0.8]])]


def heart() -> list[Array]:
    angle = np.linspace(0, 2 * np.pi, 60)
    upright = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
    return [np.stack([16 * np.sin(angle) ** 3, -upright], 1)]


def spiral() -> list[Array]:
    angle = np.linspace(0, 6 * np.pi, 100)
    return [np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1)]


def wave() -> list[Array]:
    across = np.linspace(0, 4 * np.pi, 80)
    return [np.stack([across / 4, np.sin(across)], 1)]


def grid() -> list[Array]:
    """A hash sign."""
    upright = [np.array([[x, 0.0], [x, 1.0]]) for x in (0.33, 0.67)]
    return upright + [stroke[:, ::-1].copy() for stroke in upright]


def smile() -> list[Array]:
    eyes = [circle((x, -0.3), 0.06) for x in (-0.35, 0.35)]
    return [circle((0.0, 0.0), 1.0), *eyes, circle((0.0, 0.0), 0.55, start=0.07, turns=0.36)]
