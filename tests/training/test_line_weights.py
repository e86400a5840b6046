"""The weights of both networks are fitted to held-out lines."""

import numpy as np

from recognizer.numbers.weighing import Candidate, Weights, weigh
from recognizer.training.numbers.weights import Weighed, fit_weights, least_confidence


def lines(count: int, line_knows: float, digit_knows: float) -> list[Weighed]:
    """Lines of one digit: each network prefers the right text of two as often as it says."""
    random = np.random.default_rng(0)
    made = []
    for _ in range(count):
        by_line, by_digit = random.random(2) < (line_knows, digit_knows)
        line = line_knows if by_line else 1 - line_knows
        digit = digit_knows if by_digit else 1 - digit_knows
        made.append(Weighed("1", (Candidate("1", line, (digit,)), Candidate("7", 1 - line, (1 - digit,)))))
    return made


def test_the_better_network_decides():
    held_out = lines(800, line_knows=0.7, digit_knows=0.95)
    weights = fit_weights(held_out, "digits")
    chances = [weigh(line.candidates, weights) for line in held_out]
    best = np.mean([first > second for first, second in chances])
    assert best > 0.94


def test_chances_are_calibrated():
    held_out = lines(3_000, line_knows=0.8, digit_knows=0.9)
    weights = fit_weights(held_out, "digits")
    chances = np.array([weigh(line.candidates, weights) for line in held_out])
    confident = chances.max(1)
    right = chances.argmax(1) == 0
    for low, high in ((0.6, 0.9), (0.9, 1.0)):
        some = (confident >= low) & (confident < high)
        if some.sum() > 100:
            assert abs(confident[some].mean() - right[some].mean()) < 0.04


def test_a_line_without_the_right_text_lowers_the_confidence():
    known = lines(600, 0.95, 0.95)
    missed = [Weighed("3", line.candidates) for line in lines(200, 0.95, 0.95)]
    for held_out in (known, known + missed):
        weights = fit_weights(held_out, "digits")
        chances = np.array([weigh(line.candidates, weights) for line in held_out]).max(1)
        right = np.mean([best_text(line, weights) == line.text for line in held_out])
        assert abs(chances.mean() - right) < 0.03


def best_text(line: Weighed, weights: Weights) -> str:
    return line.candidates[int(np.argmax(weigh(line.candidates, weights)))].text


def test_the_least_confidence_leaves_enough_right_answers():
    held_out = lines(2_000, line_knows=0.97, digit_knows=0.97)
    weights = fit_weights(held_out, "digits")
    least = least_confidence(held_out, weights, "digits")
    chances = np.array([weigh(line.candidates, weights) for line in held_out])
    answered = chances.max(1) >= least
    assert answered.mean() > 0.5
    assert (chances.argmax(1) == 0)[answered].mean() >= 0.996
