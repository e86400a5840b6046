"""Measures how well a model separates digits from not-digits, and how well its confidence is calibrated."""

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
    accepted_row,
    auroc_row,
    calibration_row,
)
from recognizer.evaluation.scores import Answers, auroc_of, calibration_error
from recognizer.evaluation.table import Found, Measured, share

RESAMPLES = 200
SEED = 95

Confidence = npt.NDArray[np.float32]


def declining_rows(all_answers: Sequence[Answers]) -> Found:
    """Return the rows of the sets at hand; those of all sets together only if no set is missing."""
    by_name = {answers.name: answers for answers in all_answers}
    # MNIST's pictures count once, through the door like all others
    digits = [by_name[name] for name in ACCURACY if name in by_name and name != AS_THEY_ARE]
    others = {name: by_name[name] for name in NO_DIGITS if name in by_name}
    found: Found = {}
    every_digit = len(digits) == len(ACCURACY) - 1
    if every_digit:
        found[DECLINED] = share(np.concatenate([answers.declined for answers in digits]))
    for name, group in groups(others).items():
        found[accepted_row(name)] = share(~np.concatenate([answers.declined for answers in group]))
        if every_digit:
            found[auroc_row(name)] = auroc_with_interval(confidence_of(digits), confidence_of(group))
    return found


def groups(others: dict[str, Answers]) -> dict[str, list[Answers]]:
    """Return each set alone, and all together if no set is missing."""
    alone = {name: [answers] for name, answers in others.items()}
    return alone | ({ALL_NO_DIGITS: list(others.values())} if len(others) == len(NO_DIGITS) else {})


def confidence_of(group: Sequence[Answers]) -> Confidence:
    return np.concatenate([answers.confidence for answers in group])


def auroc_with_interval(digits: Confidence, others: Confidence) -> Measured:
    """Return the area under the ROC curve, with a 95 % interval from a seeded bootstrap of both sides."""
    random = np.random.default_rng(SEED)
    # Rank once. A resample then counts ranks, which is faster than sorting again.
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
    """Return the area under the ROC curve from counts by rank."""
    below = np.cumsum(others) - others / 2
    return float(digits @ below / digits.sum() / others.sum())


def calibration_rows(all_answers: Sequence[Answers]) -> Found:
    return {
        calibration_row(answers.name): Measured(
            calibration_error(answers.confidence, answers.correct), len(answers.labels)
        )
        for answers in all_answers
        if answers.name in CALIBRATED
    }
