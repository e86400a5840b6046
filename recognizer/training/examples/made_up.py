"""Made-up drawings: digits in rare ways of writing, upright lines (ones), and not-digits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import Config
from recognizer.training.examples.composed import compose
from recognizer.training.examples.doodles import doodle, shape, turn
from recognizer.training.examples.form_lines import form_lines
from recognizer.training.examples.groups import COLUMN, COUNTS, ROW, group, with_much_of_the_next
from recognizer.training.examples.misread_styles import draw_misread, strike_through
from recognizer.training.examples.styles import draw_digit

Array = npt.NDArray[np.float64]
Strokes = Sequence[Array]
T = TypeVar("T")
UPRIGHT = 0.3  # share of the made-up digits that are upright lines
OF_CHARACTERS = frozenset({"character", "invented"})
TURNED = frozenset("2345679")  # digits that are not a digit after a quarter turn
MIRRORED = frozenset("34679")  # digits whose mirror image is not a digit
STRUCK = 0.2  # share of the misread digits that are struck through
CAN_BE_STRUCK = frozenset("23456789")  # a struck 1 is a plus sign, a struck 0 a theta
MISREAD = frozenset({"row", "column", "piece", "form"})  # not-digits that earlier models read as digits
BY_CODE = 0.25  # share of the digits in a group that are drawn by code


@dataclass(frozen=True, eq=False)
class Drawn:
    """drawings: n lists of strokes, (m, 2) each; classes: (n,); misread: (n,), True if earlier models misread it."""

    drawings: list[list[Array]]
    classes: npt.NDArray[np.int64]
    misread: npt.NDArray[np.bool_]


def concatenate_drawn(*parts: Drawn) -> Drawn:
    drawings = [drawing for part in parts for drawing in part.drawings]
    return Drawn(
        drawings, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("classes", "misread"))
    )


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

    def styled_digits(self, count: int) -> Drawn:
        """Draw digits in rare ways of writing."""
        classes = self.random.integers(0, 10, count)
        plain = self.random.random(count) < UPRIGHT
        classes[plain] = 1
        pairs = zip(classes, plain, strict=True)
        drawings = [[upright(self.random)] if line else draw_digit(int(digit), self.random) for digit, line in pairs]
        return Drawn(drawings, classes, np.zeros(count, bool))

    def misread_digits(self, count: int) -> Drawn:
        """Draw digits as hands write them that earlier models misread."""
        struck = self.random.random(count) < STRUCK
        drawn = [self._struck_digit() if line else draw_misread(self.random) for line in struck]
        classes = np.array([digit for digit, _ in drawn], np.int64)
        return Drawn([strokes for _, strokes in drawn], classes, np.ones(count, bool))

    def not_digits(self, count: int) -> Drawn:
        """Draw not-digits, each kind as often as configured."""
        chances = np.array(list(self.shares.values()))
        kinds = self.random.choice(list(self.shares), size=count, p=chances / chances.sum())
        drawings = [self._drawing(str(kind)) for kind in kinds]
        return Drawn(drawings, np.full(count, NOT_A_DIGIT), np.isin(kinds, list(MISREAD)))

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
            case "row":
                return self._group(ROW)
            case "column":
                return self._group(COLUMN)
            case "piece":
                return with_much_of_the_next([self._any_digit() for _ in range(2)], self.random)
            case "form":
                return form_lines(self.random)
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

    def _struck_digit(self) -> tuple[int, list[Array]]:
        """Return a digit that is struck through once, and its strokes."""
        while True:
            digit = self._any_digit()
            if digit.label in CAN_BE_STRUCK:
                return int(digit.label), [*digit.strokes, strike_through(digit.strokes, self.random)]

    def _group(self, axis: int) -> list[Array]:
        counts, chances = COUNTS[axis]
        digits = [self._any_digit() for _ in range(self.random.choice(counts, p=chances))]
        return group(digits, axis, self.random)

    def _any_digit(self) -> Drawing:
        """Return a digit by a training writer, or one drawn by code."""
        if self.random.random() >= BY_CODE:
            return self._choose(self.digits)
        digit = int(self.random.integers(10))
        return Drawing(str(digit), "", tuple(draw_digit(digit, self.random)))


def upright(random: np.random.Generator) -> Array:
    return line(random.normal(0, 0.12) + np.pi / 2, random)


def line(angle: float, random: np.random.Generator) -> Array:
    """Return a slightly bent line; y down, so that π/2 is upright."""
    along = np.linspace(0, 1, 20)
    bent = random.normal(0, 0.04) * np.sin(np.pi * along)
    return np.stack([along, bent], 1) @ turn(angle)


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
