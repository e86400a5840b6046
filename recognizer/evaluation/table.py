"""The table of an evaluation: measured values beside required ones. Measures nothing."""

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
    """A value in its goal's unit, the number of drawings, the 95 % interval. where: the place of a worst cell."""

    value: float
    n: int
    interval: tuple[float, float] | None = None
    where: str | None = None


Found = dict[str, Measured]  # by row


def share(hits: npt.NDArray[np.bool_], where: str | None = None) -> Measured:
    """hits: (n,) bool. Return the share that is True."""
    return Measured(float(hits.mean()), len(hits), wilson_interval(int(hits.sum()), len(hits)), where)


def rows(found: Found, bars: Mapping[str, Bar]) -> list[Row]:
    """Return the measured rows in the order of the goals."""
    return [_row(goal, found[goal.row], bars.get(goal.row)) for goal in GOALS if goal.row in found]


def _row(goal: Goal, measured: Measured, bar: Bar | None) -> Row:
    return Row(
        row=goal.row,
        group=goal.group,
        value=measured.value,
        unit=goal.unit,
        n=measured.n,
        interval=measured.interval,
        bar=bar.limit if bar else None,
        aim=goal.aim,
        better=bar.better if bar else goal.better,
        where=measured.where,
    )


def misses(table: Sequence[Row], bars: Mapping[str, Bar]) -> list[str]:
    """Return a line for each bar that is missed or whose row was not measured."""
    by_row = {row.row: row for row in table}
    return [line for row, bar in bars.items() if (line := _miss(row, bar, by_row.get(row)))]


def _miss(name: str, bar: Bar, row: Row | None) -> str | None:
    if row is None:
        return f"{name}: not measured, so its bar is not met"
    if row.holds:
        return None
    place = f" ({row.where})" if row.where else ""
    side = "at least" if bar.better == "higher" else "at most"
    return f"{name}: {write_figure(row.value, row.unit)}{place}, required: {side} {write_figure(bar.limit, row.unit)}"


def not_measured(table: Iterable[Row]) -> list[str]:
    measured = {row.row for row in table}
    return [goal.row for goal in GOALS if goal.row not in measured]
