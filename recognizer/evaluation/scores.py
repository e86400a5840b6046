"""Scores of a model, measured through the exported files as users run them. Knows no torch and prints nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, roc_auc_score

import recognizer
from recognizer.card import Scores
from recognizer.datasets import sets
from recognizer.datasets.sets import NOT_A_DIGIT, Pictures
from recognizer.evaluation.goals import AS_THEY_ARE
from recognizer.evaluation.wilson import wilson_interval
from recognizer.model import Model
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

ECE_BINS = 15
LOOK_LIKE_DIGITS = frozenset("OoIlSsZzBbgq")  # letters that look like digits; left out of the not-digits
BLANK = -1  # the best digit of a drawing without ink; never correct


@dataclass(frozen=True, eq=False)
class Answers:
    """A model's answers to a set.

    labels: (n,) int64, 0 to 9 or NOT_A_DIGIT; probabilities: (n, 10); confidence: (n,); declined: (n,) bool;
    seen: (n, 28, 28) uint8, the network's input.
    """

    name: str
    labels: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    declined: npt.NDArray[np.bool_]
    seen: npt.NDArray[np.uint8]

    @property
    def best(self) -> npt.NDArray[np.int64]:
        """The best digits, (n,), also of declined drawings; `BLANK` for drawings without ink."""
        blank = np.ptp(self.probabilities, axis=1) == 0
        return np.where(blank, BLANK, self.probabilities.argmax(1))

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        correct: npt.NDArray[np.bool_] = self.best == self.labels
        return correct


def answers_of(folder: Path, names: Sequence[str], report: Callable[[str], None]) -> list[Answers]:
    """Return a model's answers to the named sets; a name may be `AS_THEY_ARE`. Raises `DataError` and `ModelError`."""
    reader = recognizer.load(folder)
    answers = []
    for name in names:
        report(name)
        without_door = name == AS_THEY_ARE
        answers.append(answers_without_door(Model(folder)) if without_door else answers_through_doors(reader, name))
    return answers


def available_sets() -> list[str]:
    """Return the public test sets that are here or can be downloaded, with `AS_THEY_ARE` first."""
    names = [name for name, data_set in sets.SETS.items() if data_set.role == "public test" and data_set.is_available()]
    return [AS_THEY_ARE, *names] if "mnist-test" in names else names


def answers_without_door(model: Model) -> Answers:
    mnist = sets.mnist("test")
    probabilities, confidence = model((mnist.images[:, None] / np.float32(255)).astype(np.float32))
    pairs = zip(confidence.tolist(), probabilities.max(1).tolist(), strict=True)
    declined = np.array([model.rule.reason(*pair) is not None for pair in pairs])
    return Answers(AS_THEY_ARE, mnist.labels, probabilities, confidence, declined, mnist.images)


def answers_through_doors(reader: Recognizer, name: str) -> Answers:
    examples = sets.SETS[name].load()
    if isinstance(examples, Pictures):
        return answers_from(name, examples.labels, reader.predict_pixels(examples.images))
    drawings = [drawing for drawing in examples if drawing.label not in LOOK_LIKE_DIGITS]
    labels = np.array([int(drawing.label) if drawing.label in sets.DIGITS else NOT_A_DIGIT for drawing in drawings])
    return answers_from(name, labels, reader.predict_strokes(drawing.strokes for drawing in drawings))


def answers_from(name: str, labels: npt.NDArray[np.int64], predictions: Sequence[Prediction]) -> Answers:
    return Answers(
        name,
        labels,
        np.array([prediction.probabilities for prediction in predictions], np.float32),
        np.array([prediction.confidence for prediction in predictions], np.float32),
        np.array([prediction.digit is None for prediction in predictions]),
        np.stack([prediction.seen for prediction in predictions]),
    )


def scores_of(all_answers: Sequence[Answers]) -> list[Scores]:
    """Return the scores of each set, in order."""
    # MNIST's pictures count once, through the door like all others
    parts = [each.confidence for each in all_answers if is_digits(each) and each.name != AS_THEY_ARE]
    digits = np.concatenate(parts) if parts else np.empty(0, np.float32)
    return [digit_scores(answers) if is_digits(answers) else other_scores(answers, digits) for answers in all_answers]


def is_digits(answers: Answers) -> bool:
    return bool((answers.labels != NOT_A_DIGIT).all())


def digit_scores(answers: Answers) -> Scores:
    correct = answers.correct
    return Scores(
        set=answers.name,
        n=len(correct),
        declined=float(answers.declined.mean()),
        accuracy=float(correct.mean()),
        interval=wilson_interval(int(correct.sum()), len(correct)),
        per_digit=tuple(float(correct[answers.labels == digit].mean()) for digit in range(10)),
        confusion=tuple(map(tuple, confusion_matrix(answers.labels, answers.best, labels=range(10)).tolist())),
        calibration_error=calibration_error(answers.confidence, correct),
    )


def other_scores(answers: Answers, digits: npt.NDArray[np.float32]) -> Scores:
    auroc = None
    if len(digits):
        auroc = auroc_of(digits, answers.confidence)
    return Scores(answers.name, len(answers.labels), float(answers.declined.mean()), auroc=auroc)


def auroc_of(digits: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> float:
    """Return the probability that a digit's confidence is above a not-digit's; ties count half."""
    is_digit = np.repeat([1, 0], [len(digits), len(others)])
    return float(roc_auc_score(is_digit, np.concatenate([digits, others])))


def calibration_error(confidence: npt.NDArray[np.float32], correct: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error, in 15 bins of equal width (Guo et al., 2017)."""
    bins = reliability(confidence, correct)
    return float(sum(count * abs(mean - accuracy) for mean, accuracy, count in bins) / len(correct))


def reliability(confidence: npt.NDArray[np.float32], correct: npt.NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share correct and count of each bin that is not empty."""
    place = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    bins = [place == number for number in range(ECE_BINS)]
    return [(float(confidence[own].mean()), float(correct[own].mean()), int(own.sum())) for own in bins if own.any()]
