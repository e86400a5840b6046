"""Reads the numbers of each kind and counts. Prints nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.datasets import sets
from recognizer.evaluation.goals import SINGLE_PIXELS, SINGLE_STROKES, answered_row, right_answers_row, right_row
from recognizer.evaluation.numbers.kinds import KINDS, Kind, Written, numbers_of, unseen_digits
from recognizer.evaluation.table import Found, Measured, share
from recognizer.numbers.reading import Reading
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

SINGLE_PICTURES = 2000  # of MNIST's test set: each is read twice


@dataclass(frozen=True)
class Read:
    """A number, and what was read."""

    written: Written
    reading: Reading

    @property
    def is_right(self) -> bool:
        """True if the most probable text is right, answered or not."""
        alternatives = self.reading.alternatives
        return bool(alternatives) and alternatives[0].text == self.written.text

    @property
    def is_answered(self) -> bool:
        return self.reading.text is not None


def read(reader: Recognizer, kind: Kind, numbers: Iterable[Written]) -> list[Read]:
    return [
        Read(
            written,
            reader.read_pixels([written.ink], kind.allow)[0]
            if isinstance(written.ink, np.ndarray)
            else reader.read_strokes([written.ink], kind.allow)[0],
        )
        for written in numbers
    ]


def single_rows(reader: Recognizer, report: Callable[[str], None]) -> Found:
    """Measure single digits read as numbers: of those that are right alone, how many are right then, too."""
    report("numbers: one digit")
    pens, mnist = sets.pendigits("test"), sets.mnist("test")
    drawings = [pen.strokes for pen in pens]
    pictures, labels = list(mnist.images[:SINGLE_PICTURES]), mnist.labels[:SINGLE_PICTURES]
    return {
        SINGLE_STROKES: _also_right(
            [pen.label for pen in pens], reader.predict_strokes(drawings), reader.read_strokes(drawings)
        ),
        SINGLE_PIXELS: _also_right(
            list(map(str, labels)), reader.predict_pixels(pictures), reader.read_pixels(pictures)
        ),
    }


def _also_right(labels: Sequence[str], predictions: Sequence[Prediction], readings: Sequence[Reading]) -> Measured:
    """Compare the most probable answers, given or not."""
    return share(
        np.array(
            [
                bool(reading.alternatives) and reading.alternatives[0].text == label
                for label, prediction, reading in zip(labels, predictions, readings, strict=True)
                if str(int(np.argmax(prediction.probabilities))) == label
            ]
        )
    )


def number_rows(reader: Recognizer, report: Callable[[str], None]) -> Found:
    """Measure each kind: whole numbers right, answered, and right when answered."""
    digits = unseen_digits()
    found: Found = {}
    for kind in KINDS:
        report(f"numbers: {kind.name}")
        results = read(reader, kind, numbers_of(kind, digits))
        answered = [result.is_right for result in results if result.is_answered]
        found[right_row(kind.name)] = share(np.array([result.is_right for result in results]))
        found[answered_row(kind.name)] = share(np.array([result.is_answered for result in results]))
        found |= {right_answers_row(kind.name): share(np.array(answered))} if answered else {}
    return found
