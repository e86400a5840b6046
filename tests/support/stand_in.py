"""A model that answers what a test chooses, when the test lets it."""

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recognizer.ink import Pixels, Strokes
from recognizer.prediction import Prediction


@dataclass
class Model:
    """Stands in for the trained model: gives the chosen answer when it may, and records the ink."""

    inks: list[Any] = field(default_factory=list)
    answer: Prediction | Exception | None = None
    asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def predict(self, ink: Strokes | Pixels) -> Prediction:
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
    return Prediction(digit, confidence, tuple(probabilities), reason, seen, "stand-in")
