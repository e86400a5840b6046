"""A model that answers what a test chooses, when the test lets it."""

import threading
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from recognizer.ink import Pixels, Strokes
from recognizer.numbers.number_reader import digit_reading
from recognizer.numbers.reading import Alternative, Digit, Reading, ReadingReason
from recognizer.prediction import Prediction


@dataclass
class Model:
    """Stands in for the trained model: gives the chosen answer when it may, and records the ink."""

    inks: list[Any] = field(default_factory=list)
    answer: Prediction | Reading | Exception | None = None
    asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def read(self, ink: Strokes | Pixels) -> Reading:
        answer = self.predict(ink)
        return digit_reading(answer, ()) if isinstance(answer, Prediction) else answer

    def predict(self, ink: Strokes | Pixels) -> Any:
        self.inks.append(ink)
        answer, may_answer = self.answer, self.may_answer
        self.asked.set()
        assert may_answer.wait(20)
        if isinstance(answer, Exception):
            raise answer
        return answer or prediction(7)


def prediction(digit: int | None, reason: Any = None, best: int = 7, second: int = 1) -> Prediction:
    probabilities = [0.005] * 10
    probabilities[best], probabilities[second] = 0.8, 0.16
    seen = np.zeros((28, 28), np.uint8)
    seen[4:24, 12:16] = 255
    confidence = {"not a digit": 0.2, "several digits": 0.01}.get(reason, 0.9871)
    box = None if reason == "blank" else (10.0, 20.0, 30.0, 60.0)
    return Prediction(digit, confidence, tuple(probabilities), reason, seen, "stand-in", box)


def number(text: str, rival: str = "", confidence: float = 0.98, reason: ReadingReason | None = None) -> Reading:
    """A number. Its digits are sure, but for those that its rival has in another way.

    reason: if it is declined.
    """
    pairs = list(zip(text, rival or text, strict=True))
    digits = [Digit(mine, _one_of(int(mine), int(other)), _box(at)) for at, (mine, other) in enumerate(pairs)]
    alternatives = [Alternative(text, confidence), *([Alternative(rival, 0.98 - confidence)] if rival else [])]
    shown = None if reason else text
    return Reading(shown, confidence, tuple(digits), tuple(alternatives), reason, "stand-in", (0, 0, 99, 99))


def _one_of(best: int, other: int) -> Prediction:
    if other != best:
        return prediction(best, best=best, second=other)
    probabilities = tuple(0.99 if digit == best else 0.001 for digit in range(10))
    return replace(prediction(best), probabilities=probabilities)


def _box(at: int) -> tuple[float, float, float, float]:
    return 20.0 + 30 * at, 100.0, 40.0 + 30 * at, 150.0


def no_number(reason: ReadingReason) -> Reading:
    return Reading(None, 0.0, (), (), reason, "stand-in", (0, 0, 99, 99))
