"""Both networks weigh a text; only numbers are allowed."""

from dataclasses import replace

import pytest

from recognizer.numbers.weighing import Candidate, Weights, is_allowed, weigh

WEIGHTS = Weights(
    digits=1.0,
    least=1e-3,
    cut_digits=1.0,
    cut_least=1e-3,
    symbol=-0.1,
    bias=0.5,
    lead=1.0,
    doubt=0.3,
    found=0.2,
    beside=0.5,
    sure=0.9,
)


@pytest.mark.parametrize("text", ["0", "007", "2026"])
def test_digits_are_allowed_in_both_kinds(text):
    assert is_allowed(text, "digits") and is_allowed(text, "number")


@pytest.mark.parametrize("text", ["-5", "+12", "3.14", "3,5", "-.5", "5."])
def test_a_sign_and_a_point_make_a_number(text):
    assert is_allowed(text, "number") and not is_allowed(text, "digits")


@pytest.mark.parametrize("text", ["", "-", ".", "1.2.3", "1-2", "12?", "--1", "1,000,000", "+."])
def test_anything_more_is_no_number(text):
    assert not is_allowed(text, "number") and not is_allowed(text, "digits")


def test_the_digit_network_may_overrule_the_line_network():
    unsure = [Candidate("17", 0.6, (0.2, 0.3)), Candidate("4", 0.4, (0.99,))]
    first, second = weigh(unsure, WEIGHTS)
    assert second > 0.9 > first
    first, second = weigh(unsure, replace(WEIGHTS, digits=0.0))
    assert first > second


def test_one_unlikely_digit_weighs_no_more_than_the_least_chance():
    chances = [weigh([Candidate("17", 0.9, (0.9, low)), Candidate("4", 0.1, (0.9,))], WEIGHTS) for low in (0.0, 1e-9)]
    assert chances[0] == pytest.approx(chances[1])


def test_the_sum_of_the_chances_is_at_most_1_and_the_best_has_most():
    candidates = [Candidate("11", 0.5, (0.9, 0.9)), Candidate("17", 0.3, (0.9, 0.9)), Candidate("1", 0.2, (0.4,))]
    for bias in (-5.0, 0.0, 5.0):
        chances = weigh(candidates, replace(WEIGHTS, bias=bias))
        assert 0 < sum(chances) <= 1 + 1e-9
        assert chances == sorted(chances, reverse=True)


def test_the_confidence_falls_with_a_rival_a_doubtful_digit_and_an_unlikely_text():
    alone = weigh([Candidate("25", 0.9, (0.99, 0.99))], WEIGHTS)[0]
    rivalled = weigh([Candidate("25", 0.5, (0.99, 0.99)), Candidate("26", 0.4, (0.99, 0.99))], WEIGHTS)[0]
    doubtful = weigh([Candidate("25", 0.9, (0.99, 0.1))], WEIGHTS)[0]
    unlikely = weigh([Candidate("25", 1e-4, (0.99, 0.99))], WEIGHTS)[0]
    assert alone > max(rivalled, doubtful, unlikely)


def test_a_symbol_is_not_checked_and_has_its_own_weight():
    texts = [Candidate("-5", 0.5, (0.9,)), Candidate("5", 0.5, (0.9,))]
    first, second = weigh(texts, WEIGHTS)
    assert first < second
    first, second = weigh(texts, replace(WEIGHTS, symbol=0.5))
    assert first > second


def test_very_long_and_impossible_texts_have_finite_scores():
    chances = weigh([Candidate("1" * 32, 0.0, (0.0,) * 32)], WEIGHTS)
    assert 0 <= chances[0] <= 1
