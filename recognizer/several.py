"""The rule for several digits: parts that stand apart as digits do, and are each read as one. Knows no doors.

`engine/several.js` follows this file; the golden drawings test both. The numbers were chosen on held-out writers and
pictures of the training sets, see docs/experiments.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf
from typing import Self

import numpy as np
import numpy.typing as npt

from recognizer.prediction import Box

MOST_PARTS = 4  # the largest ones are read: each costs as much as a drawing
LEAST_SIZE = 0.35  # of the largest part's longer side: smaller parts are dots and strays
LEAST_SLENDERNESS = 0.4  # height over width: flatter parts are hats, bars and feet
SURE = 0.9  # the least confidence in each of two digits …
LIKELY = 0.5  # … and in the less sure one, if they stand far apart
FAR = 0.25  # of the taller part's height: the strokes of one digit do not stand so far apart
NEAR = 0.1  # of the taller part's height: strokes side by side may be one digit up to here
LEAST_LEVEL = 0.55  # of the rows that two digits side by side cover together, the share that they have in common
LEAST_HEIGHT = 0.35  # of the taller part's height: the least height of a digit above or below another
LEAST_FAR_HEIGHT = 0.25  # the same for digits that stand far apart
RINGED = {(0, 0): 8, (1, 0): 6, (0, 1): 9}  # upper and lower part as they are read alone, and the digit they may be
MOST_RING_GAP = 0.4  # of the lower part's height: rings of one digit are nearer than this
MOST_ALIKE = 0.8  # of the taller part's height: the ring of a 9 is lower than its stem
TOUCHING = 0.025  # of the lower part's height: nearer rings are of one digit, whatever their shape
RINGS = 1.135  # height over width of the rings of one digit, with half of the gap; zeros are more slender


@dataclass(frozen=True, eq=False)
class Part:
    """A part that may be a digit. box: in any unit; picture: (1, 28, 28) of this part alone, for the network."""

    box: Box
    picture: npt.NDArray[np.float32]


@dataclass(frozen=True)
class PartReading:
    """What the network reads in one part alone: its most likely digit, and the confidence in it. box: in any unit."""

    box: Box
    digit: int
    confidence: float


@dataclass(frozen=True)
class Placing:
    """How two parts are placed. across, down: the gaps between them, negative if they overlap.

    tall, low: their heights. level: the share of the rows that they have in common, of all rows that they cover.
    """

    across: float
    down: float
    tall: float
    low: float
    level: float

    @classmethod
    def of(cls, first: Box, second: Box) -> Self:
        lower, upper = max(first[1], second[1]), min(first[3], second[3])
        rows = max(first[3], second[3]) - min(first[1], second[1])
        low, tall = sorted((first[3] - first[1], second[3] - second[1]))
        across = max(first[0], second[0]) - min(first[2], second[2])
        return cls(across, lower - upper, tall, low, max(upper - lower, 0) / rows if rows > 0 else 0)

    @property
    def is_far(self) -> bool:
        return max(self.across, self.down) >= FAR * self.tall and self.low >= LEAST_FAR_HEIGHT * self.tall

    def is_of_two(self, gap: float) -> bool:
        """Return True if two digits may be placed like this.

        gap: the least gap between digits side by side, as a share of the taller one's height.
        """
        is_above = self.down >= 0 and self.low >= LEAST_HEIGHT * self.tall
        is_beside = self.across >= gap * self.tall and self.level >= LEAST_LEVEL
        return self.is_far or is_above or is_beside


def parts_to_read(boxes: Sequence[Box]) -> list[int]:
    """Return the indexes of the parts that may be digits of their own, the largest first: none, or two or more."""
    sizes = [max(right - left, bottom - top) for left, top, right, bottom in boxes]
    large = [index for index in range(len(boxes)) if sizes[index] >= LEAST_SIZE * max(sizes)]
    upright = [index for index in large if not _is_flat(boxes[index])]
    largest = sorted(upright, key=lambda index: -sizes[index])[:MOST_PARTS]
    pairs = [(a, b) for a, b in combinations(largest, 2) if Placing.of(boxes[a], boxes[b]).is_of_two(0)]
    return [index for index in largest if any(index in pair for pair in pairs)]


def _is_flat(box: Box) -> bool:
    return box[3] - box[1] <= LEAST_SLENDERNESS * (box[2] - box[0])


def chance_of_several(whole: int | None, readings: Sequence[PartReading]) -> float | None:
    """Return the chance that two of the parts are digits, or None if the drawing does not show several digits.

    whole: the answer to the drawing as one digit, None if that was declined.
    """
    pairs = [pair for pair in combinations(readings, 2) if _are_two(whole, *pair)]
    return max((first.confidence * second.confidence for first, second in pairs), default=None)


def _are_two(whole: int | None, first: PartReading, second: PartReading) -> bool:
    likely, sure = sorted((first.confidence, second.confidence))
    placing = Placing.of(first.box, second.box)
    if sure < SURE or likely < (LIKELY if placing.is_far else SURE) or _are_rings(whole, first, second, placing):
        return False
    return placing.is_of_two(0 if whole is None else NEAR)


def _are_rings(whole: int | None, first: PartReading, second: PartReading, placing: Placing) -> bool:
    """Return True for a 6, 8 or 9 whose wide ring does not touch its other part, which lies above or below."""
    upper, lower = sorted((first, second), key=lambda reading: reading.box[1])
    is_close = 0 <= placing.down < MOST_RING_GAP * placing.low
    if whole is None or not is_close or RINGED.get((upper.digit, lower.digit)) != whole:
        return False
    if whole == 9 and placing.low > MOST_ALIKE * placing.tall:
        return False
    gap = placing.down / placing.low
    slender = [_slenderness(reading.box) for reading in (upper, lower) if reading.digit == 0]
    return gap < TOUCHING or sum(slender) / len(slender) + gap / 2 < RINGS


def _slenderness(box: Box) -> float:
    """Return height over width."""
    width = box[2] - box[0]
    return (box[3] - box[1]) / width if width > 0 else inf
