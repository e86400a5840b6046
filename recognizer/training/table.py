"""The table of an evaluation: what was measured beside what is asked for. Measures nothing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.training.evaluate import wilson
from recognizer.training.goals import BETTER, GOALS, Bars, Better, Goal, Group, Unit


@dataclass(frozen=True)
class Measured:
    """A row's value in its goal's unit, what it was measured on (n), its 95 % interval; the worst cell's place."""

    value: float
    n: int
    interval: tuple[float, float] | None = None
    where: str | None = None


Found = dict[str, Measured]  # by row


@dataclass(frozen=True)
class Row:
    """A row of the table as `model.json` keeps it. `bar` is the model's own, `aim` the project's.

    where: of a row that tells of the worst cell, which one it is.
    """

    row: str
    group: Group
    value: float
    unit: Unit
    n: int
    interval: tuple[float, float] | None
    bar: float | None
    aim: float | None
    better: Better
    where: str | None = None

    @property
    def holds(self) -> bool | None:
        """None without a bar. What is not a number reaches none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.better == "higher" else self.value <= self.bar

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "where" or value is not None}


@dataclass(frozen=True)
class Grid:
    """Shares by drawing size (rows) and pen (columns) on one paper; None where the pen is too thin to be drawn."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    paper: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def share(hits: npt.NDArray[np.bool_], where: str | None = None) -> Measured:
    """(n,) bool → the share that is true."""
    return Measured(float(hits.mean()), len(hits), wilson(int(hits.sum()), len(hits)), where)


def rows(found: Found, bars: Bars) -> list[Row]:
    """What was measured, in the order of the goals."""
    return [_row(goal, found[goal.row], bars.get(goal.row)) for goal in GOALS if goal.row in found]


def _row(goal: Goal, one: Measured, bar: dict[str, float] | None) -> Row:
    limit, better = None, goal.better
    if bar is not None:
        ((side, limit),) = bar.items()
        better = BETTER[side]
    return Row(
        row=goal.row,
        group=goal.group,
        value=one.value,
        unit=goal.unit,
        n=one.n,
        interval=one.interval,
        bar=limit,
        aim=goal.aim,
        better=better,
        where=one.where,
    )


def misses(table: Sequence[Row], bars: Bars) -> list[str]:
    """A line for each bar that is missed, and for each whose row could not be measured."""
    by_row = {one.row: one for one in table}
    return [line for row, bar in bars.items() if (line := _miss(row, bar, by_row.get(row)))]


def _miss(row: str, bar: dict[str, float], one: Row | None) -> str | None:
    if one is None:
        return f"{row}: not measured, so its bar is not reached either"
    if one.holds:
        return None
    ((side, limit),) = bar.items()
    at = f" ({one.where})" if one.where else ""
    return f"{row}: {shown(one.value, one.unit)}{at}, {side.replace('_', ' ')} {shown(limit, one.unit)} is asked for"


def not_measured(table: Iterable[Row]) -> list[str]:
    there = {one.row for one in table}
    return [goal.row for goal in GOALS if goal.row not in there]


def shown(value: float | None, unit: Unit, empty: str = "") -> str:
    """A number with its unit, as people read it."""
    if value is None:
        return empty
    match unit:
        case "share":
            return f"{value:.2%}"
        case "points":
            return f"{value:.2f} pt"
        case "area":
            return f"{value:.4f}"
        case "MB":
            return f"{value:.2f} MB"
    return f"{value:.2f} ms"


def shown_interval(one: Row) -> str:
    return " to ".join(shown(end, one.unit) for end in one.interval) if one.interval else ""
