"""Counts how a recogniser answers the pictures of a situation. Draws nothing, prints nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognizer.evaluation.situations.situation import Case, Wanted, draw
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

SURE = 0.9  # confidence


@dataclass(frozen=True)
class Result:
    """Counts out of n. right: the digit was read; where declining is wanted, declined.

    wrong: another digit was answered, or any digit where declining is wanted. surely_wrong: those at a confidence of
    0.9 or more. several: declined as "several digits".
    """

    wanted: Wanted
    n: int
    right: int
    declined: int
    wrong: int
    surely_wrong: int = 0
    several: int = 0

    @property
    def holds(self) -> bool:
        """Return whether nothing is wrong, and all is read or declined as it is wanted."""
        return self.wrong == 0 if self.wanted == "either" else self.right == self.n


def read(reader: Recognizer, name: str, numbers: range) -> tuple[list[Case], list[Prediction]]:
    """Draw the pictures of these numbers, and read them."""
    cases = [draw(name, number) for number in numbers]
    return cases, reader.predict_pixels([case.image for case in cases])


def count(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Result:
    pairs = list(zip(cases, predictions, strict=True))
    declined = sum(prediction.digit is None for prediction in predictions)
    wrong = [prediction for case, prediction in pairs if is_wrong(case, prediction)]
    wanted = cases[0].wanted
    return Result(
        wanted=wanted,
        n=len(cases),
        right=declined if wanted == "declined" else len(cases) - declined - len(wrong),
        declined=declined,
        wrong=len(wrong),
        surely_wrong=sum(prediction.confidence >= SURE for prediction in wrong),
        several=sum(str(prediction.reason) == "several digits" for prediction in predictions),
    )


def is_wrong(case: Case, prediction: Prediction) -> bool:
    return prediction.digit is not None and (case.wanted == "declined" or prediction.digit != case.digit)


def total(results: Sequence[Result], wanted: Wanted) -> Result:
    """Return the sum over the situations for which this is wanted."""
    found = [result for result in results if result.wanted == wanted]
    names = ("n", "right", "declined", "wrong", "surely_wrong", "several")
    return Result(wanted, *(sum(getattr(result, name) for result in found) for name in names))
