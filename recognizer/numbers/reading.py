"""The library's answer to a line of writing."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from recognizer.prediction import Box, Prediction

Allow = Literal["digits", "number"]
ReadingReason = Literal["blank", "not a number", "several lines", "too long", "unsure"]
MOST_CHARACTERS = 32
MOST_ALTERNATIVES = 5


class Alternative(NamedTuple):
    """A text that may be written, and the calibrated chance that it is."""

    text: str
    probability: float


@dataclass(frozen=True)
class Digit:
    """One character of a number.

    text: a digit, a sign, a point or a comma.
    prediction: what the digit model says of this digit alone; None for signs, points and commas.
    box: where it is, in the unit of the strokes, or px of the picture.
    strokes: the indexes of its strokes in the drawing, also of those that run on to the next; empty for a picture.
    """

    text: str
    prediction: Prediction | None
    box: Box
    strokes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The answer to one line of writing.

    text: exactly what is written, leading zeros kept, or None if the reader declines; `reason` then says why.
    confidence: in [0, 1], the calibrated chance that the most probable text is right, also if `text` is None.
    digits: the characters of the most probable text from left to right.
    alternatives: at most five texts, most probable first, also if `text` is None; none for blank.
    model: the name of the digit model.
    box: of the line, in the unit of the strokes, or px of the picture; None for blank.
    """

    text: str | None
    confidence: float
    digits: tuple[Digit, ...]
    alternatives: tuple[Alternative, ...]
    reason: ReadingReason | None
    model: str
    box: Box | None = field(default=None, compare=False)
