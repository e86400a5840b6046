"""The table of an evaluation: what was measured beside what is asked for. Measures nothing itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.card import Bar, Row
from recognizer.evaluation.goals import GOALS, Goal
from recognizer.evaluation.wilson import wilson_interval
from recognizer.units import write_figure


@dataclass(frozen=True)
class Measured:
    """A row's value in its goal's unit, what it was measured on (n), its 95 % interval; the worst cell's place."""

    value: float
    n: int
    interval: tuple[float, float] | None = None
    where: str | None = None


Found = dict[str, Measured]  # by row


def share(hits: npt.NDArray[np.bool_], where: str | None = None) -> Measured:
    """(n,) bool → the share that is true."""
    return Measured(float(hits.mean()), len(hits), wilson_interval(int(hits.sum()), len(hits)), where)


def rows(found: Found, bars: Mapping[str, Bar]) -> list[Row]:
    """What was measured, in the order of the goals."""
    return [_row(goal, found[goal.row], bars.get(goal.row)) for goal in GOALS if goal.row in found]


def _row(goal: Goal, one: Measured, bar: Bar | None) -> Row:
    return Row(
        row=goal.row,
        group=goal.group,
        value=one.value,
        unit=goal.unit,
        n=one.n,
        interval=one.interval,
        bar=bar.limit if bar else None,
        aim=goal.aim,
        better=bar.better if bar else goal.better,
        where=one.where,
    )


def misses(table: Sequence[Row], bars: Mapping[str, Bar]) -> list[str]:
    """A line for each bar that is missed, and for each whose row could not be measured."""
    by_row = {one.row: one for one in table}
    return [line for row, bar in bars.items() if (line := _miss(row, bar, by_row.get(row)))]


def _miss(row: str, bar: Bar, one: Row | None) -> str | None:
    if one is None:
        return f"{row}: not measured, so its bar is not reached either"
    if one.holds:
        return None
    at = f" ({one.where})" if one.where else ""
    side = "at least" if bar.better == "higher" else "at most"
    return f"{row}: {write_figure(one.value, one.unit)}{at}, {side} {write_figure(bar.limit, one.unit)} is asked for"


def not_measured(table: Iterable[Row]) -> list[str]:
    there = {one.row for one in table}
    return [goal.row for goal in GOALS if goal.row not in there]
