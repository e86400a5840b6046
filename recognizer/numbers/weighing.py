"""Weighs texts: what the line network finds, and what the digit network says of each digit alone. Knows no networks.

`engine/weighing.js` does the same: the golden lines test both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from recognizer.numbers.reading import Allow

ALLOWED = {
    "digits": re.compile(r"[0-9]+"),
    "number": re.compile(r"[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)"),
}
LEAST = 1e-6  # the least chance that a digit is given by the digit network


@dataclass(frozen=True)
class Weights:
    """How the two networks' chances become one, fitted on held-out lines.

    digits: the weight of the digit network's log-probabilities beside the line network's.
    other: the chance that stands for each character that the digit network cannot check.
    none: the chance that stands for all texts that were not found, however well the others are checked.
    sharpness: multiplies all log-probabilities; below 1 it makes the best text less certain.
    """

    digits: float
    other: float
    none: float
    sharpness: float


@dataclass(frozen=True)
class Candidate:
    """A text: the line network's probability of it, and the digit network's of each of its digits, in their places."""

    text: str
    probability: float
    of_digits: tuple[float, ...]


def is_allowed(text: str, allow: Allow) -> bool:
    """Return True for digits, or for a number with at most one sign, point or comma."""
    return ALLOWED[allow].fullmatch(text) is not None


def weigh(candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    """Return each candidate's calibrated chance to be what is written; the sum is below 1."""
    scores = [_score(candidate, weights) for candidate in candidates] + [log(weights.none)]
    highest = max(scores)
    shares = [exp(weights.sharpness * (score - highest)) for score in scores]
    total = sum(shares)
    return [share / total for share in shares[:-1]]


def _score(candidate: Candidate, weights: Weights) -> float:
    checked = sum(log(max(chance, LEAST)) for chance in candidate.of_digits)
    unchecked = (len(candidate.text) - len(candidate.of_digits)) * log(weights.other)
    return log(max(candidate.probability, 1e-300)) + weights.digits * (checked + unchecked)
