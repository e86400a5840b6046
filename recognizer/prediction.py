"""What the library answers."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Reason = Literal["blank", "not a digit", "unsure"]
Box = tuple[float, float, float, float]  # left, top, right, bottom; y down


def digit_probability(confidence: float, best_probability: float) -> float:
    """P(digit), the chance that a drawing is a digit at all: `confidence` is P(digit) · P(best digit | digit)."""
    return min(1.0, confidence / best_probability)


@dataclass(frozen=True)
class Prediction:
    """The answer to one drawing.

    digit: 0 to 9, or None when the program declines; `reason` then says why.
    confidence: in [0, 1], the calibrated chance that the drawing is a digit and that the best digit is it,
        also when `digit` is None; 0 for blank.
    probabilities: ten, over the digits 0 to 9, summing to 1, also when it declines; uniform for blank.
    seen: (28, 28) uint8, the picture that the network saw, 0 paper to 255 ink.
    model: the name of the model that answered.
    box: where the ink was found, stray marks left out; None for blank. Of strokes: of their points, in their own unit.
        Of a picture: in px, with lines as wide as the network sees them, all alike.
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
