"""Both networks weigh a text; only numbers are allowed."""

import pytest

from recognizer.numbers.weighing import Candidate, Weights, is_allowed, weigh

WEIGHTS = Weights(digits=1.0, other=0.9, none=1e-6, sharpness=1.0)


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
    blind = Weights(digits=0.0, other=0.9, none=1e-6, sharpness=1.0)
    assert weigh(unsure, blind) == pytest.approx([0.6, 0.4], abs=1e-5)


def test_sharpness_makes_the_best_more_certain_and_keeps_the_order():
    candidates = [Candidate("11", 0.5, (0.9, 0.9)), Candidate("17", 0.3, (0.9, 0.9)), Candidate("1", 0.2, (0.4,))]
    best = []
    for sharpness in (0.5, 1.0, 2.0):
        chances = weigh(candidates, Weights(1.0, 0.9, 1e-3, sharpness))
        assert sum(chances) < 1
        assert chances == sorted(chances, reverse=True)
        best.append(chances[0])
    assert best == sorted(best)


def test_a_text_alone_is_uncertain_if_its_digits_are_not_confirmed():
    (confirmed,), (doubtful,) = (weigh([Candidate("5", 0.9, (chance,))], WEIGHTS) for chance in (0.99, 1e-6))
    assert confirmed > 0.99
    assert doubtful < 0.5


def test_very_long_and_impossible_texts_have_finite_scores():
    chances = weigh([Candidate("1" * 32, 0.0, (0.0,) * 32)], WEIGHTS)
    assert 0 <= chances[0] < 1e-6
