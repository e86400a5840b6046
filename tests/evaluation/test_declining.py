"""Digits against non-digits, with results worked out by hand."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

import recognizer
from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.evaluation.declining import area, auroc_with_interval, calibration_rows, counts_of, declining_rows
from recognizer.evaluation.goals import ALL_NO_DIGITS, AS_THEY_ARE, DECLINED, accepted_row, auroc_row, calibration_row
from recognizer.evaluation.scores import Answers, answers_through_doors, auroc_of

DIGIT_SETS = (AS_THEY_ARE, "mnist-test", "pendigits-test", "uji-digits", "hwd1000", "mchaver")


def answers(name: str, confidence: Iterable[float], label: int = 3) -> Answers:
    certain = np.array(list(confidence), np.float32)
    probabilities = np.full((len(certain), 10), 0.01, np.float32)
    probabilities[:, 3] = 0.91
    labels = np.full(len(certain), label)
    return Answers(name, labels, probabilities, certain, certain < 0.5, np.zeros((len(certain), 28, 28), np.uint8))


@pytest.fixture
def letters():
    return answers("uji-letters", [0.1, 0.6], NOT_A_DIGIT)


def every_digit(confidence: float = 0.9) -> list[Answers]:
    return [answers(name, [confidence] * 4) for name in DIGIT_SETS]


def test_letters_that_look_like_digits_are_left_out(monkeypatch):
    drawn = [Drawing(label, "uji09", (np.array([[0.0, 0], [5, 9], [9, 2]]),)) for label in "AOlk"]
    monkeypatch.setitem(sets.SETS, "uji-letters", replace(sets.SETS["uji-letters"], load=lambda: drawn))
    assert answers_through_doors(recognizer.load(), "uji-letters").labels.tolist() == [NOT_A_DIGIT] * 2


def test_accepted_non_digits_are_reported_for_each_set(letters):
    rows = declining_rows([*every_digit(), letters])
    assert (rows[accepted_row("uji-letters")].value, rows[accepted_row("uji-letters")].n) == (0.5, 2)
    assert rows[auroc_row("uji-letters")].value == 1.0


def test_the_total_is_reported_only_when_every_set_is_present(letters):
    others = [answers("omniglot", [0.2, 0.8], NOT_A_DIGIT), answers("cats", [0.3], NOT_A_DIGIT)]
    rows = declining_rows([*every_digit(), letters, *others])
    assert (
        rows[accepted_row(ALL_NO_DIGITS)].value == pytest.approx(2 / 5) and rows[auroc_row(ALL_NO_DIGITS)].n == 20 + 5
    )
    fewer = declining_rows([*every_digit(), letters, others[0]])
    assert (
        accepted_row(ALL_NO_DIGITS) not in fewer
        and auroc_row(ALL_NO_DIGITS) not in fewer
        and accepted_row("omniglot") in fewer
    )


def test_declined_digits_are_reported_only_when_every_digit_set_is_present():
    rows = declining_rows([*every_digit()[:-1], answers("cats", [0.3], NOT_A_DIGIT)])
    assert set(rows) == {accepted_row("cats")}


def test_mnist_counts_once_among_the_digits():
    sets = [answers(AS_THEY_ARE, [0.1] * 4), *every_digit()[1:]]
    rows = declining_rows([*sets, answers("cats", [0.3], NOT_A_DIGIT)])
    assert (rows[DECLINED].value, rows[DECLINED].n) == (0, 20) and rows[auroc_row("cats")].value == 1


def test_declined_digits_are_a_share_of_all_digits_with_an_interval():
    sets = [*every_digit()[:-1], answers("mchaver", [0.9, 0.4])]
    rows = declining_rows(sets)
    assert rows[DECLINED].value == pytest.approx(1 / 18)
    interval = rows[DECLINED].interval
    assert interval is not None and interval[0] < 1 / 18 < interval[1]


def test_auroc_from_counts_equals_auroc_from_sorting_even_with_ties():
    random = np.random.default_rng(0)
    digits, others = random.integers(0, 20, 300), random.integers(0, 15, 200)
    by_counts = area(counts_of(digits, 19), counts_of(others, 19))
    assert by_counts == pytest.approx(auroc_of(digits.astype(np.float32), others.astype(np.float32)))


def test_the_width_of_the_interval_matches_theory():
    random = np.random.default_rng(1)
    digits, others = (random.normal(mean, 1, 400).astype(np.float32) for mean in (1, 0))
    found = auroc_with_interval(digits, others)
    assert found.interval is not None and found.interval[0] < found.value < found.interval[1]
    # Hanley and McNeil (1982): 0.0162 is the standard error of 0.76 with 400 on each side
    assert found.interval[1] - found.interval[0] == pytest.approx(2 * 1.96 * 0.0165, rel=0.2)


def test_calibration_is_reported_only_for_mnist_and_pendigits():
    rows = calibration_rows(every_digit(0.9))
    assert set(rows) == {calibration_row(name) for name in (AS_THEY_ARE, "mnist-test", "pendigits-test")}
    assert (
        rows[calibration_row("mnist-test")].value == pytest.approx(0.1) and rows[calibration_row("mnist-test")].n == 4
    )
