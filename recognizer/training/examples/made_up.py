"""Made-up drawings: digits in rare ways of writing, upright lines (ones), and not-digits."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import Config
from recognizer.training.examples.composed import compose
from recognizer.training.examples.doodles import doodle, shape, turn
from recognizer.training.examples.styles import draw_digit

Array = npt.NDArray[np.float64]
Strokes = Sequence[Array]
T = TypeVar("T")
UPRIGHT = 0.3  # share of the made-up digits that are upright lines
OF_CHARACTERS = frozenset({"character", "invented"})
TURNED = frozenset("2345679")  # digits that are not a digit after a quarter turn
MIRRORED = frozenset("34679")  # digits whose mirror image is not a digit


class MadeUp:
    """Draws at random, also from `characters` (strokes of letters and symbols) and `digits` of training writers."""

    def __init__(
        self, config: Config, characters: Sequence[Strokes], digits: Sequence[Drawing], random: np.random.Generator
    ) -> None:
        kinds = config.not_digits.items()
        self.shares = {kind: share for kind, share in kinds if characters or kind not in OF_CHARACTERS}
        self.characters = characters
        self.digits = digits
        self.random = random

    def styled_digits(self, count: int) -> tuple[list[list[Array]], npt.NDArray[np.int64]]:
        """Return `count` digits, each a list of strokes (n, 2), and their classes."""
        classes = self.random.integers(0, 10, count)
        plain = self.random.random(count) < UPRIGHT
        classes[plain] = 1
        pairs = zip(classes, plain, strict=True)
        drawings = [[upright(self.random)] if line else draw_digit(int(digit), self.random) for digit, line in pairs]
        return drawings, classes

    def not_digits(self, count: int) -> tuple[list[list[Array]], npt.NDArray[np.int64]]:
        """Return `count` not-digits and their class, once for each."""
        chances = np.array(list(self.shares.values()))
        kinds = self.random.choice(list(self.shares), size=count, p=chances / chances.sum())
        return [self._drawing(str(kind)) for kind in kinds], np.full(count, NOT_A_DIGIT)

    def _drawing(self, kind: str) -> list[Array]:
        match kind:
            case "character":
                return list(self._choose(self.characters))
            case "invented":
                return self._invented_character()
            case "composed":
                return compose(self.random)
            case "turned":
                return self._turned_digit()
            case "digits":
                return self._digit_row()
            case "doodle":
                return doodle(self.random)
            case "shape":
                return shape(self.random)
            case "scribble":
                return scribble(self.random)
            case "lying":
                return [line(self.random.uniform(-0.4, 0.4), self.random)]
        raise ValueError(f"{kind!r} is not a kind of drawing")

    def _choose(self, drawings: Sequence[T]) -> T:
        return drawings[int(self.random.integers(len(drawings)))]

    def _invented_character(self) -> list[Array]:
        """Return a character of no alphabet: two to four strokes of real ones, anywhere in a box."""
        return [self._stray_stroke() for _ in range(self.random.integers(2, 5))]

    def _stray_stroke(self) -> Array:
        """Return a character's stroke or a part of it, turned, stretched, sometimes mirrored, about 1 in size."""
        stroke = self._choose(self._choose(self.characters))
        if self.random.random() < 0.5:
            start, end = np.sort(self.random.integers(0, len(stroke), 2))
            stroke = stroke[start : end + 1] if end - start > len(stroke) // 4 else stroke
        if self.random.random() < 0.3:
            stroke = stroke * [-1.0, 1.0]
        stroke = (stroke - stroke.mean(0)) @ turn(self.random.normal(0, 0.5))
        size = self.random.uniform(0.3, 1, 2) / max(np.ptp(stroke, axis=0).max(), 1e-6)
        moved: Array = stroke * size + self.random.uniform(-0.3, 0.3, 2)
        return moved

    def _turned_digit(self) -> list[Array]:
        """Return a digit on its side or mirrored."""
        while True:
            digit = self._choose(self.digits)
            if self.random.random() < 0.7 and digit.label in TURNED:
                return [stroke @ turn(self.random.choice([-1, 1]) * np.pi / 2) for stroke in digit.strokes]
            if digit.label in MIRRORED:
                return [stroke * [-1.0, 1.0] for stroke in digit.strokes]

    def _digit_row(self) -> list[Array]:
        """Return two or three digits side by side."""
        row: Strokes = self._choose(self.digits).strokes
        for _ in range(1 + (self.random.random() < 0.2)):
            row = side_by_side(row, self._choose(self.digits).strokes, self.random)
        return list(row)


def upright(random: np.random.Generator) -> Array:
    return line(random.normal(0, 0.12) + np.pi / 2, random)


def line(angle: float, random: np.random.Generator) -> Array:
    """Return a slightly bent line; y down, so that π/2 is upright."""
    along = np.linspace(0, 1, 20)
    bent = random.normal(0, 0.04) * np.sin(np.pi * along)
    return np.stack([along, bent], 1) @ turn(angle)


def side_by_side(left: Strokes, right: Strokes, random: np.random.Generator) -> list[Array]:
    """Put two drawings next to each other, at about the same height; sometimes they touch."""
    first, second = ([stroke / _height(strokes) for stroke in strokes] for strokes in (left, right))
    edge = max(stroke[:, 0].max() for stroke in first)
    start = min(stroke[:, 0].min() for stroke in second)
    top = min(stroke[:, 1].min() for stroke in first) - min(stroke[:, 1].min() for stroke in second)
    move = np.array([edge - start + random.uniform(-0.02, 0.5), top + random.normal(0, 0.1)])
    return first + [stroke + move for stroke in second]


def _height(strokes: Strokes) -> float:
    return float(max(np.ptp(np.concatenate(strokes)[:, 1]), 1e-6))


def scribble(random: np.random.Generator) -> list[Array]:
    """Return a scribble: a smooth curve through random points, or a tight zigzag."""
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
