"""Fits how the chances of both networks are weighed, on held-out lines."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from recognizer.numbers.reading import Allow
from recognizer.numbers.weighing import Candidate, Weights, evidence, is_allowed, shares_of, weigh

LEAST_RIGHT: dict[Allow, float] = {"digits": 0.997, "number": 0.995}  # share of held-out answers that are right
START = Weights(
    digits=1.0,
    least=0.05,
    cut_digits=0.6,
    cut_least=0.1,
    symbol=-0.5,
    bias=0.0,
    lead=1.0,
    doubt=0.0,
    found=0.0,
    beside=0.0,
    sure=1.0,
)
LARGEST = 30.0  # of a logit
DECAY = 1e-3  # holds weights that the lines say nothing about


class Weighed(NamedTuple):
    """A held-out line's text, and the candidates that were found for it."""

    text: str
    candidates: Sequence[Candidate]


def fit_weights(lines: Sequence[Weighed], allow: Allow) -> Weights:
    """Return the weights: first of the scores, then of the confidence, and the least confidence of an answer."""
    lines = [line for line in lines if line.candidates]
    fitted = _fit_confidence(lines, _fit_scores(lines))
    rounded = Weights(**{name: float(f"{value:.6g}") for name, value in vars(fitted).items()})
    return replace(rounded, sure=least_confidence(lines, rounded, allow))


def _fit_scores(lines: Sequence[Weighed]) -> Weights:
    """Fit what orders the texts of a line, on the lines whose text is among the candidates."""
    found = [(place_of(line), line) for line in lines if place_of(line) is not None]
    if not found:  # by a useless network
        return START

    def weights_of(values: Sequence[float]) -> Weights:
        digits, least, cut_digits, cut_least, symbol = (float(value) for value in values)
        return replace(
            START,
            digits=exp(digits),
            least=1 / (1 + exp(-least)),
            cut_digits=exp(cut_digits),
            cut_least=1 / (1 + exp(-cut_least)),
            symbol=symbol,
        )

    def loss(values: Sequence[float]) -> float:
        weights = weights_of(values)
        shares = [shares_of(line.candidates, weights)[place] for place, line in found if place is not None]
        far = np.subtract(values, start)
        return -float(np.mean(np.log(np.maximum(shares, 1e-9)))) + DECAY * float(far @ far)

    start = (
        log(START.digits),
        log(START.least / (1 - START.least)),
        log(START.cut_digits),
        log(START.cut_least / (1 - START.cut_least)),
        START.symbol,
    )
    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 300, "xatol": 1e-2, "fatol": 1e-5})
    return weights_of(best.x)


def _fit_confidence(lines: Sequence[Weighed], weights: Weights) -> Weights:
    """Fit the best text's chance to be right: a logistic regression."""
    features, right = [], []
    for line in lines:
        shares = shares_of(line.candidates, weights)
        best = int(np.argmax(shares))
        features.append((1.0, *evidence(line.candidates[best], shares[best], weights)))
        right.append(line.candidates[best].text == line.text)
    values, signs = np.array(features), np.where(right, 1.0, -1.0)

    def loss(given: npt.NDArray[np.float64]) -> float:
        return float(np.mean(np.logaddexp(0, -signs * np.clip(values @ given, -LARGEST, LARGEST))))

    fitted = minimize(loss, (0.0, 1.0, 0.1, 0.1, 0.1), method="L-BFGS-B", bounds=[(None, None), *[(0, None)] * 4])
    bias, lead, doubt, by_line, beside = fitted.x
    return replace(weights, bias=bias, lead=lead, doubt=doubt, found=by_line, beside=beside)


def place_of(line: Weighed) -> int | None:
    """Return the index of the written text among the candidates, or None."""
    texts = [candidate.text for candidate in line.candidates]
    return texts.index(line.text) if line.text in texts else None


def least_confidence(lines: Sequence[Weighed], weights: Weights, allow: Allow) -> float:
    """Return the lowest confidence at which enough answers are right, even if one more were wrong.

    That one makes up for luck: the lowest confidence is found where the lines happened to be easy. A text that is not
    allowed is no answer.
    """
    best = []
    for line in lines:
        if not line.candidates:
            continue
        chances = weigh(line.candidates, weights)
        place = int(np.argmax(chances))
        if is_allowed(line.candidates[place].text, allow):
            best.append((chances[place], line.candidates[place].text == line.text))
    best.sort(reverse=True)
    confidences = np.array([confidence for confidence, _ in best])
    wrong = 1 + np.cumsum([not is_right for _, is_right in best])
    is_last = np.append(confidences[1:] < confidences[:-1], True)  # of equal ones, which are answered together
    enough = np.flatnonzero((wrong <= (1 - LEAST_RIGHT[allow]) * np.arange(1, len(best) + 1)) & is_last)
    return float(confidences[enough[-1]]) if len(enough) else 1.0
