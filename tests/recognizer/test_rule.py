"""When a model declines, and why, by the rule of today and by that of the first models."""

import pytest

from recognizer.model import ConfidenceRule, Rule


@pytest.mark.parametrize(
    "confidence, best, reason",
    [
        (0.95, 0.95, None),
        (0.9, 1.0, None),
        (0.6, 0.6, None),
        (0.89, 1.0, "not a digit"),
        (0.5, 0.59, "unsure"),
        (0.3, 0.59, "unsure"),
        (0.29, 0.59, "not a digit"),
        (0.1, 0.1, "unsure"),
        (0.0, 0.9, "not a digit"),
    ],
)
def test_the_rule_tells_why_it_declines(confidence, best, reason):
    assert Rule(digit=0.9, sure=0.6).reason(confidence, best) == reason


@pytest.mark.parametrize(
    "confidence, best, reason",
    [
        (0.9, 0.95, None),
        (0.5, 1.0, None),
        (0.49, 0.99, "not a digit"),
        (0.49, 0.5, "unsure"),
        (0.1, 0.1, "unsure"),
        (0.0, 0.9, "not a digit"),
    ],
)
def test_so_does_the_rule_of_older_models(confidence, best, reason):
    assert ConfidenceRule(accept=0.5, not_a_digit=0.5).reason(confidence, best) == reason
