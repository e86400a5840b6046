"""How good a model is, measured through the exported files as users run them. Knows no torch and prints nothing."""

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
from recognizer.evaluation.wilson import wilson_interval
from recognizer.model import Model
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

ECE_BINS = 15
AS_THEY_ARE = "mnist-test, as it is"  # MNIST's pictures are what the network sees: they need no door
LOOK_LIKE_DIGITS = frozenset("OoIlSsZzBbgq")  # letters that a person may read as digits, and that count as none here
BLANK = -1  # in place of the best digit of a drawing in which no ink was found: it is right of none


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model said of one set.

    labels: (n,) int64, 0 to 9 or NOT_A_DIGIT; probabilities: (n, 10); confidence: (n,); declined: (n,) bool;
    seen: (n, 28, 28) uint8, what the network saw.
    """

    name: str
    labels: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    declined: npt.NDArray[np.bool_]
    seen: npt.NDArray[np.uint8]

    @property
    def best(self) -> npt.NDArray[np.int64]:
        """The best digit, also where the model declined; `BLANK` where it had nothing to go by."""
        blank = np.ptp(self.probabilities, axis=1) == 0
        return np.where(blank, BLANK, self.probabilities.argmax(1))

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        right: npt.NDArray[np.bool_] = self.best == self.labels
        return right


def answers_of(folder: Path, names: Sequence[str], report: Callable[[str], None]) -> list[Answers]:
    """A model's answers to the named sets, `AS_THEY_ARE` among them. Raises `DataError` and `ModelError`."""
    reader = recognizer.load(folder)
    answers = []
    for name in names:
        report(name)
        answers.append(
            answers_without_door(Model(folder)) if name == AS_THEY_ARE else answers_through_doors(reader, name)
        )
    return answers


def available_sets() -> list[str]:
    """The public test sets that are here or can be downloaded, MNIST's pictures as they are first."""
    here = [name for name, one in sets.SETS.items() if one.role == "public test" and one.is_available()]
    return [AS_THEY_ARE, *here] if "mnist-test" in here else here


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
    examples = [one for one in examples if one.label not in LOOK_LIKE_DIGITS]
    labels = np.array([int(one.label) if one.label in sets.DIGITS else NOT_A_DIGIT for one in examples])
    return answers_from(name, labels, reader.predict_strokes(one.strokes for one in examples))


def answers_from(name: str, labels: npt.NDArray[np.int64], predictions: Sequence[Prediction]) -> Answers:
    return Answers(
        name,
        labels,
        np.array([one.probabilities for one in predictions], np.float32),
        np.array([one.confidence for one in predictions], np.float32),
        np.array([one.digit is None for one in predictions]),
        np.stack([one.seen for one in predictions]),
    )


def scores_of(all_answers: Sequence[Answers]) -> list[Scores]:
    """A row for each set, in order."""
    # MNIST's pictures count once: through the door, as everything else
    digits = [one.confidence for one in all_answers if is_digits(one) and one.name != AS_THEY_ARE]
    known = np.concatenate(digits) if digits else np.empty(0, np.float32)
    return [digit_scores(answers) if is_digits(answers) else other_scores(answers, known) for answers in all_answers]


def is_digits(answers: Answers) -> bool:
    return bool((answers.labels != NOT_A_DIGIT).all())


def digit_scores(answers: Answers) -> Scores:
    right = answers.right
    return Scores(
        set=answers.name,
        n=len(right),
        declined=float(answers.declined.mean()),
        accuracy=float(right.mean()),
        interval=wilson_interval(int(right.sum()), len(right)),
        per_digit=tuple(float(right[answers.labels == digit].mean()) for digit in range(10)),
        confusion=tuple(map(tuple, confusion_matrix(answers.labels, answers.best, labels=range(10)).tolist())),
        calibration_error=calibration_error(answers.confidence, right),
    )


def other_scores(answers: Answers, digits: npt.NDArray[np.float32]) -> Scores:
    auroc = None
    if len(digits):
        auroc = auroc_of(digits, answers.confidence)
    return Scores(answers.name, len(answers.labels), float(answers.declined.mean()), auroc=auroc)


def auroc_of(digits: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> float:
    """Chance that a digit's confidence is above that of what is none (half, where they are equal)."""
    is_digit = np.repeat([1, 0], [len(digits), len(others)])
    return float(roc_auc_score(is_digit, np.concatenate([digits, others])))


def calibration_error(confidence: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error, 15 bins of one width (Guo et al., 2017)."""
    bins = reliability(confidence, right)
    return float(sum(count * abs(said - true) for said, true, count in bins) / len(right))


def reliability(confidence: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Of each bin that holds any: mean confidence, share right, how many."""
    place = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    held = [place == number for number in range(ECE_BINS)]
    return [(float(confidence[one].mean()), float(right[one].mean()), int(one.sum())) for one in held if one.any()]
