"""Fits how the chances of both networks are weighed, on held-out lines."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from recognizer.numbers.weighing import Candidate, Weights, weigh

LEAST_RIGHT = 0.997  # share of the answers on held-out lines that are right
LEAST_NONE = np.log(1e-9)
START = (0.5, 0.9, 1e-3, 0.8)


class Weighed(NamedTuple):
    """A held-out line's text, and the candidates that were found for it."""

    text: str
    candidates: Sequence[Candidate]


def fit_weights(lines: Sequence[Weighed]) -> Weights:
    """Return the weights that make the written texts most probable. A text that is not found counts for `none`."""

    def weights_of(values: Sequence[float]) -> Weights:
        digits, other, none, sharpness = values
        chance = 1 / (1 + np.exp(-other))
        return Weights(float(np.exp(digits)), float(chance), float(np.exp(max(none, LEAST_NONE))), np.exp(sharpness))

    lines = [line for line in lines if line.candidates]

    def loss(values: Sequence[float]) -> float:
        weights = weights_of(values)
        return -float(np.mean([np.log(max(chance_of(line, weights), 1e-9)) for line in lines]))

    digits, other, none, sharpness = START
    start = (np.log(digits), np.log(other / (1 - other)), np.log(none), np.log(sharpness))
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 400, "xatol": 1e-2, "fatol": 1e-5})
    fitted = weights_of(found.x)
    return Weights(*(float(f"{value:.6g}") for value in vars(fitted).values()))


def chance_of(line: Weighed, weights: Weights) -> float:
    """Return the chance of the text that is written; of none, if it is not among the candidates."""
    chances = weigh(line.candidates, weights)
    texts = [candidate.text for candidate in line.candidates]
    return chances[texts.index(line.text)] if line.text in texts else 1 - sum(chances)


def least_confidence(lines: Sequence[Weighed], weights: Weights) -> float:
    """Return the lowest confidence from which on enough answers are right."""
    best = []
    for line in lines:
        if not line.candidates:
            continue
        chances = weigh(line.candidates, weights)
        place = int(np.argmax(chances))
        best.append((chances[place], line.candidates[place].text == line.text))
    best.sort(reverse=True)
    confidences = np.array([confidence for confidence, _ in best])
    right = np.cumsum([is_right for _, is_right in best]) / np.arange(1, len(best) + 1)
    is_last = np.append(confidences[1:] < confidences[:-1], True)  # of equal ones, which are answered together
    enough = np.flatnonzero((right >= LEAST_RIGHT) & is_last)
    return float(confidences[enough[-1]]) if len(enough) else 1.0
