"""When a model declines, and the reason it gives."""

import pytest

from recognizer.card import Rule


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
def test_the_rule_gives_its_reason_to_decline(confidence, best, reason):
    assert Rule(digit=0.9, sure=0.6).reason(confidence, best) == reason
