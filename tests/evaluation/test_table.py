"""Rows, bars and misses of a measured model."""

import math

import pytest

from recognizer.card import Bar
from recognizer.evaluation.goals import CANVAS_WORST, GOALS, MODEL_SIZE, own_bars, right_row
from recognizer.evaluation.table import Measured, misses, not_measured, rows
from recognizer.structured import from_json, to_json
from recognizer.units import write_figure

MNIST = "mnist-test, as it is"


def test_the_goals_keep_their_bars():
    assert own_bars()[MNIST] == Bar(at_least=0.9975)
    assert own_bars()[CANVAS_WORST] == Bar(at_most=1.0)
    assert own_bars()[right_row("numbers tight, canvas")] == Bar(at_least=0.96)
    assert len(own_bars()) == 58


def test_goal_names_are_unique_and_each_aim_is_beyond_its_bar():
    assert len({goal.row for goal in GOALS}) == len(GOALS)
    for goal in GOALS:
        if goal.bar is not None and goal.aim is not None:
            assert (goal.aim > goal.bar) == (goal.better == "higher"), goal


def test_rows_come_in_the_goals_order_with_bar_and_aim():
    table = rows({MODEL_SIZE: Measured(1.1, 1), MNIST: Measured(0.998, 10_000, (0.9969, 0.9987))}, own_bars())
    assert [(row.row, row.bar, row.aim, row.holds) for row in table] == [
        (MNIST, 0.9975, 0.9985, True),
        (MODEL_SIZE, 1.5, 0.6, True),
    ]
    assert to_json(table[0]) == {
        "row": MNIST,
        "group": "accuracy",
        "value": 0.998,
        "unit": "share",
        "n": 10_000,
        "interval": [0.9969, 0.9987],
        "bar": 0.9975,
        "aim": 0.9985,
        "better": "higher",
    }


@pytest.mark.parametrize(
    ("row", "value", "reached"),
    [
        (MNIST, 0.9975, True),
        (MNIST, 0.9974, False),
        (CANVAS_WORST, 1.0, True),
        (CANVAS_WORST, 1.01, False),
        (MNIST, math.nan, False),
        (CANVAS_WORST, math.nan, False),
    ],
)
def test_a_value_equal_to_the_bar_meets_it_and_nan_never_does(row, value, reached):
    (found,) = rows({row: Measured(value, 100)}, own_bars())
    assert found.holds is reached


def test_a_miss_names_value_place_and_bar():
    bars = {CANVAS_WORST: Bar(at_most=1.0)}
    table = rows({CANVAS_WORST: Measured(6.2, 308, where="30 px, pen 1/4, dark")}, bars)
    assert misses(table, bars) == [f"{CANVAS_WORST}: 6.20 pt (30 px, pen 1/4, dark), required: at most 1.00 pt"]


def test_a_row_with_a_bar_that_was_not_measured_is_a_miss():
    assert misses([], {MNIST: Bar(at_least=0.5)}) == [f"{MNIST}: not measured, so its bar is not met"]


def test_a_bar_of_an_unknown_row_is_a_miss():
    assert len(misses([], {"svhn": Bar(at_least=0.5)})) == 1


def test_a_model_is_held_to_its_own_bars_and_not_to_the_projects():
    bars = {MNIST: Bar(at_least=0.9)}
    table = rows({MNIST: Measured(0.95, 100), MODEL_SIZE: Measured(7, 1)}, bars)
    assert misses(table, bars) == [] and [row.bar for row in table] == [0.9, None]


def test_unmeasured_rows_are_named():
    table = rows({goal.row: Measured(0.5, 1) for goal in GOALS[1:]}, {})
    assert not_measured(table) == [MNIST]


@pytest.mark.parametrize(
    "bar",
    [0.99, {"at_least": "much"}, {"at_least": True}, {"above": 0.9}, {}, {"at_least": 0.9, "at_most": 1}],
    ids=["number", "text", "boolean", "other key", "empty", "two"],
)
def test_an_invalid_bar_is_refused(bar):
    with pytest.raises(ValueError, match=r"at_least|object"):
        from_json(Bar, bar)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.9964, "share", "99.64%"),
        (0.99998, "share", "99.99%"),
        (1.0, "share", "100.00%"),
        (1, "points", "1.00 pt"),
        (0.98123, "area", "0.9812"),
        (1.0477, "MB", "1.05 MB"),
        (0.994, "ms", "0.99 ms"),
    ],
)
def test_numbers_are_shown_with_their_unit(value, unit, told):
    assert write_figure(value, unit) == told
