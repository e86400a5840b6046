"""The library's answer to a drawing."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Reason = Literal["blank", "not a digit", "several digits", "unsure"]
Box = tuple[float, float, float, float]  # left, top, right, bottom; y down


def digit_probability(confidence: float, best_probability: float) -> float:
    """Return P(digit), the chance that a drawing is a digit at all.

    confidence: P(digit) · P(best digit | digit); best_probability: P(best digit | digit).
    """
    return min(1.0, confidence / best_probability)


@dataclass(frozen=True)
class Prediction:
    """The answer to one drawing.

    digit: 0 to 9, or None if the recognizer declines to answer; `reason` then says why.
    confidence: in [0, 1], the calibrated chance that the drawing is a digit and that the most probable digit is right,
        also if `digit` is None; 0 for blank, and low for several digits.
    probabilities: of the digits 0 to 9, summing to 1, also if `digit` is None; uniform for blank.
    seen: (28, 28) uint8, the picture that the network saw, 0 paper to 255 ink.
    model: the name of the model that answered.
    box: where the ink is, without stray marks; None for blank. For strokes, the box of their points in their own unit.
        For a picture, in px; the box includes the width of the lines as the network sees them, the same for all pens.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    reason: Reason | None
    seen: npt.NDArray[np.uint8] = field(repr=False, compare=False)
    model: str
    box: Box | None = field(default=None, compare=False)

    @property
    def digit_probability(self) -> float:
        """The chance that the drawing is a digit at all; 0 for blank."""
        return digit_probability(self.confidence, max(self.probabilities))
