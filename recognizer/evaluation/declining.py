"""How well a model tells digits from what is none, and whether its confidence comes true."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from recognizer.evaluation.goals import (
    ACCURACY,
    ALL_NO_DIGITS,
    AS_THEY_ARE,
    CALIBRATED,
    DECLINED,
    NO_DIGITS,
    accepted,
    auroc,
    calibration,
)
from recognizer.evaluation.scores import Answers, auroc_of, calibration_error
from recognizer.evaluation.table import Found, Measured, share

RESAMPLES = 200
SEED = 95

Confidence = npt.NDArray[np.float32]


def declining_rows(all_answers: Sequence[Answers]) -> Found:
    """Of the sets that are there; what holds for all of them together only where none is missing."""
    by_name = {one.name: one for one in all_answers}
    # MNIST's pictures count once: through the door, as everything else
    digits = [by_name[name] for name in ACCURACY if name in by_name and name != AS_THEY_ARE]
    others = {name: by_name[name] for name in NO_DIGITS if name in by_name}
    found: Found = {}
    every_digit = len(digits) == len(ACCURACY) - 1
    if every_digit:
        found[DECLINED] = share(np.concatenate([one.declined for one in digits]))
    for name, one in groups(others).items():
        found[accepted(name)] = share(~np.concatenate([answers.declined for answers in one]))
        if every_digit:
            found[auroc(name)] = auroc_with_interval(confidence_of(digits), confidence_of(one))
    return found


def groups(others: dict[str, Answers]) -> dict[str, list[Answers]]:
    """Each set alone, and all together if all are there."""
    alone = {name: [one] for name, one in others.items()}
    return alone | ({ALL_NO_DIGITS: list(others.values())} if len(others) == len(NO_DIGITS) else {})


def confidence_of(answers: Sequence[Answers]) -> Confidence:
    return np.concatenate([one.confidence for one in answers])


def auroc_with_interval(digits: Confidence, others: Confidence) -> Measured:
    """The area and the middle 95 % of what seeded resamples of both sides give."""
    random = np.random.default_rng(SEED)
    # Ranks stay in their order when drawings are drawn again, so that whole numbers can be counted instead of sorted.
    ranks = rankdata(np.concatenate([digits, others]), method="dense").astype(np.int64) - 1
    areas = [
        area(
            counts_of(random.choice(ranks[: len(digits)], len(digits)), ranks.max()),
            counts_of(random.choice(ranks[len(digits) :], len(others)), ranks.max()),
        )
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(areas, [0.025, 0.975])
    return Measured(auroc_of(digits, others), len(digits) + len(others), (float(low), float(high)))


def counts_of(ranks: npt.NDArray[np.int64], highest: int) -> npt.NDArray[np.int64]:
    return np.bincount(ranks, minlength=highest + 1)


def area(digits: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> float:
    """Under the ROC curve, of counts by rank."""
    below = np.cumsum(others) - others / 2
    return float(digits @ below / digits.sum() / others.sum())


def calibration_rows(all_answers: Sequence[Answers]) -> Found:
    return {
        calibration(one.name): Measured(calibration_error(one.confidence, one.right), len(one.labels))
        for one in all_answers
        if one.name in CALIBRATED
    }
