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
LEAST_FOUND = 1e-12  # the least probability of a text: of the line network's proposals it may be 0
SURELY = 1e-3  # all other texts together count as this share at least


@dataclass(frozen=True)
class Weights:
    """How the two networks' chances become one, fitted on held-out lines.

    The score of a text is the logarithm of the line network's probability, plus `digits` times the logarithm of what
    the digit network says of each digit, at least `least`, plus `symbol` for each sign, point or comma. Digits whose
    ink was cut off from other ink have weights of their own, `cut_digits` and `cut_least`.
    The best text's confidence is the logistic function of `bias`, plus `lead` times the logit of its share among the
    texts, plus `doubt` times the logarithm of its least probable digit, plus `found` times the logarithm of the line
    network's probability, minus `beside` if ink stands beside a digit. sure: the least confidence of an answer.
    """

    digits: float
    least: float
    cut_digits: float
    cut_least: float
    symbol: float
    bias: float
    lead: float
    doubt: float
    found: float
    beside: float
    sure: float


@dataclass(frozen=True)
class WeightsByAllow:
    """The weights for digits alone, and for numbers that may have a sign and a point."""

    digits: Weights
    number: Weights

    def of(self, allow: Allow) -> Weights:
        return self.digits if allow == "digits" else self.number


@dataclass(frozen=True)
class Candidate:
    """A text: the line network's probability of it, and the digit network's of each of its digits.

    of_digits: of those whose ink stands alone, and a 0 for each sign or point without ink; of_cut_digits: of those
    whose ink was cut off from other ink; has_beside: True if a digit has a stroke that stands beside its longest one,
    such as a point that the text lacks.
    """

    text: str
    probability: float
    of_digits: tuple[float, ...]
    of_cut_digits: tuple[float, ...] = ()
    has_beside: bool = False


def is_allowed(text: str, allow: Allow) -> bool:
    """Return True for digits, or for a number with at most one sign, point or comma."""
    return ALLOWED[allow].fullmatch(text) is not None


def weigh(candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    """Return each candidate's calibrated chance to be what is written; the sum is at most 1."""
    shares = shares_of(candidates, weights)
    best = max(range(len(shares)), key=lambda index: shares[index])
    features = evidence(candidates[best], shares[best], weights)
    weighed = (weights.lead, weights.doubt, weights.found, weights.beside)
    confidence = 1 / (1 + exp(-weights.bias - sum(map(_product, weighed, features))))
    others = max(1 - shares[best], SURELY)
    of_others = min(confidence / shares[best], (1 - confidence) / others)  # none is more probable than the best
    chances = [share * of_others for share in shares]
    chances[best] = confidence
    return chances


def shares_of(candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    """Return each text's share of the probability of all texts."""
    scores = [_score(candidate, weights) for candidate in candidates]
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def evidence(best: Candidate, share: float, weights: Weights) -> tuple[float, float, float, float]:
    """Return what the confidence depends on, see `Weights`: lead, doubt, found, beside. share: of the best text."""
    lead = log(share / (1 - share + SURELY))
    doubt = min([*_logs(best.of_digits, weights.least), *_logs(best.of_cut_digits, weights.cut_least)], default=0.0)
    return lead, doubt, log(max(best.probability, LEAST_FOUND)), -float(best.has_beside)


def _score(candidate: Candidate, weights: Weights) -> float:
    of_digits = sum(_logs(candidate.of_digits, weights.least))
    of_cut_digits = sum(_logs(candidate.of_cut_digits, weights.cut_least))
    checked = weights.digits * of_digits + weights.cut_digits * of_cut_digits
    symbols = len(candidate.text) - len(candidate.of_digits) - len(candidate.of_cut_digits)
    return log(max(candidate.probability, LEAST_FOUND)) + checked + weights.symbol * symbols


def _logs(chances: Sequence[float], least: float) -> list[float]:
    return [log(least + (1 - least) * chance) for chance in chances]


def _product(weight: float, value: float) -> float:
    return weight * value
