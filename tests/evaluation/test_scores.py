"""Scores against numbers worked out by hand, and the exported network against torch."""

from dataclasses import replace

import numpy as np
import pytest

from recognizer.card import DIGITS, ModelCard, Rule
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.evaluation.plots import evaluation
from recognizer.evaluation.readme import model_card
from recognizer.evaluation.scores import AS_THEY_ARE, BLANK, Answers, calibration_error, reliability, scores_of


def answers(name: str, labels: list[int], best: list[int], confidence: list[float]) -> Answers:
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), best] = 0.91
    certain = np.array(confidence, np.float32)
    seen = np.zeros((len(labels), 28, 28), np.uint8)
    return Answers(name, np.array(labels), probabilities, certain, certain < 0.5, seen)


EVERY_DIGIT = answers("digits", [*range(10)] * 2, [*range(10), *range(9), 4], [0.9] * 19 + [0.4])


def test_accuracy_counts_the_best_digit_even_when_it_was_declined():
    (scores,) = scores_of([EVERY_DIGIT])
    assert (scores.n, scores.accuracy, scores.declined) == (20, 0.95, 0.05)
    assert scores.per_digit == (1.0,) * 9 + (0.5,)
    assert scores.confusion is not None and scores.confusion[9] == (0, 0, 0, 0, 1, 0, 0, 0, 0, 1)


def test_the_interval_is_wilsons():
    (scores,) = scores_of([EVERY_DIGIT])  # 19 of 20: (0.7639, 0.9911) by the formula
    assert scores.interval == pytest.approx((0.7639, 0.9911), abs=1e-4)


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_share():
    confidence = np.array([0.95, 0.95, 0.55, 0.55], np.float32)
    right = np.array([True, True, True, False])
    assert calibration_error(confidence, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)


def test_reliability_counts_every_answer_once_including_the_surest():
    bins = reliability(np.array([0.0, 0.5, 1.0], np.float32), np.array([False, True, True]))
    assert [count for _, _, count in bins] == [1, 1, 1] and bins[-1][:2] == (1.0, 1.0)


def test_auroc_compares_digits_with_non_digits():
    others = answers("letters", [NOT_A_DIGIT] * 4, [0] * 4, [0.1, 0.2, 0.95, 0.3])
    _, scores = scores_of([EVERY_DIGIT, others])
    # 20 × 4 pairs; the digits lose to 0.95 20 times
    assert scores.auroc == pytest.approx(60 / 80) and scores.accuracy is None and scores.declined == 0.75


def test_without_digits_there_is_no_auroc():
    (scores,) = scores_of([answers("letters", [NOT_A_DIGIT], [0], [0.1])])
    assert scores.auroc is None


def test_plots_are_written_only_for_digits(tmp_path):
    others = answers("cats", [NOT_A_DIGIT], [3], [0.2])
    files = evaluation([EVERY_DIGIT, others], tmp_path)
    assert sorted(file.name for file in files) == [
        "digits-confusion.png",
        "digits-mistakes.png",
        "digits-reliability.png",
    ]
    assert all(file.stat().st_size > 1000 for file in files)


def test_a_blank_answer_is_never_counted_as_correct_not_even_for_0():
    blank = replace(answers("digits", [0, 1], [0, 1], [0.0, 0.9]), probabilities=np.full((2, 10), 0.1, np.float32))
    assert blank.best.tolist() == [BLANK, BLANK] and not blank.right.any()


def card(*files, **others):
    """The card of a model that was trained on these files."""
    data = dict.fromkeys(files, "")
    rule = Rule(digit=0.61, sure=0.55)
    return ModelCard("digits_v7", 7, "", DIGITS, rule, seed=3, config={"epochs": 12}, data=data, **others)


def test_the_model_card_names_every_score_and_source():
    scores = scores_of([EVERY_DIGIT, answers("cats", [NOT_A_DIGIT], [3], [0.2])])
    page = model_card(card("pen/ujipenchars.jsonl", "mnist/train-images-idx3-ubyte", scores=tuple(scores)))
    for told in (
        "digits_v7",
        "95.00%",
        "76.39% to 99.11%",
        "0.61",
        "Seed 3, 12 epochs",
        "UJIpenchars",
        "MNIST",
        "cats",
    ):
        assert told in page


def test_the_model_card_names_no_source_that_was_not_used():
    page = model_card(card("mnist/train-images-idx3-ubyte"))
    assert "MNIST (LeCun" in page and "UJIpenchars" not in page and "made up by code" in page


def test_mnist_counts_once_among_the_digits_in_auroc():
    again = replace(EVERY_DIGIT, name=AS_THEY_ARE, confidence=np.zeros(20, np.float32))
    others = answers("letters", [NOT_A_DIGIT] * 4, [0] * 4, [0.1, 0.2, 0.95, 0.3])
    assert scores_of([again, EVERY_DIGIT, others])[-1].auroc == pytest.approx(60 / 80)
