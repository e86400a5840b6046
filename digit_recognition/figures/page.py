"""What a model's `model.json` says of it, put in order for the page /model/. Knows no HTTP, measures nothing."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext

from digit_recognition.figures.reliability import diagram
from digit_recognition.numerals import between, number, percent, percents
from recognizer import card as cards
from recognizer.card import Counts, Grid, ModelCard, Scores, Source

SHADES = 5  # styles/tables.css has a rule for each


@dataclass(frozen=True)
class Row:
    """One figure as people read it. `holds` is None where there is no bar."""

    name: str
    where: str
    value: str
    interval: str
    n: str
    bar: str
    aim: str
    holds: bool | None


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Cell:
    """`shade`: 0 (none) to `SHADES`; `right`: whether it is one of a confusion matrix's right answers."""

    text: str
    shade: int
    right: bool = False


@dataclass(frozen=True)
class Table:
    """A table with heads at its top and at its left; each row is its head and its cells."""

    name: str
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]


def model_page(card: ModelCard) -> dict[str, Any]:
    """The template's values. What was not measured is missing or named in "missing"."""
    groups = [Group(title, rows) for key, title in _titles().items() if (rows := _rows(card.table, key))]
    held = [row.holds for group in groups for row in group.rows if row.holds is not None]
    return {
        "name": card.name,
        "measured": card.measured,
        "groups": groups,
        "bars": len(held),
        "reached": sum(held),
        "scores": [] if groups else [_score(score) for score in card.scores],
        "confusion": [_confusion(name, counts) for name, counts in _confusions(card).items()],
        "reliability": [diagram(name, bins) for name, bins in card.reliability.items()],
        "grids": [_grid(grid) for grid in card.grids],
        "seeds": _seeds(card),
        "missing": _missing(card),
        "rule": {name: _limit(number, "share") for name, number in asdict(card.rule).items()},
        "calibrated_for": None if card.calibrated_for is None else _limit(card.calibrated_for, "share"),
        "sources": [_source(source) for source in card.sources],
        "files": list(card.data),
    }


def _titles() -> dict[str, str]:
    return {
        "accuracy": gettext("Digits that are read right"),
        "canvas": gettext("Any size, pen, place and paper"),
        "doors": gettext("The same drawing as strokes and as a picture"),
        "corruption": gettext("Spoiled pictures: share read wrong"),
        "declining": gettext("Saying that it is not a digit"),
        "calibration": gettext("Whether its confidence is honest"),
        "cost": gettext("Size and speed"),
    }


def _rows(table: Iterable[cards.Row], group: str) -> list[Row]:
    return [_row(row) for row in table if row.group == group]


def _row(row: cards.Row) -> Row:
    return Row(
        name=row.row.replace("_", " "),
        where=row.where or "",
        value=figure(row.value, row.unit),
        interval=_interval(row.interval, row.unit),
        n=number(row.n),
        bar="" if row.bar is None else _bar(_limit(row.bar, row.unit), row.better == "higher"),
        aim="" if row.aim is None else _limit(row.aim, row.unit),
        holds=row.holds,
    )


def _score(score: Scores) -> Row:
    """A set's score, of a model whose whole table was not measured."""
    auroc = "" if score.auroc is None else f"AUROC {number(score.auroc, '.4f')}"
    return Row(
        name=score.set,
        where=gettext("no digits: share declined") if score.accuracy is None else "",
        value=figure(score.declined if score.accuracy is None else score.accuracy, "share"),
        interval=_interval(score.interval, "share") or auroc,
        n=number(score.n),
        bar="",
        aim="",
        holds=None,
    )


def figure(value: float, unit: str) -> str:
    """A number with its unit; shares as percents, never rounded up to all."""
    match unit:
        case "share":
            return percent(_shown(value), ".2f")
        case "points":
            return gettext("%(points)s points") % {"points": number(value, ".2f")}
        case "area":
            return number(value, ".4f")
    return _with_unit(number(value, ".2f"), unit)


def _shown(share: float) -> float:
    """As percent. Cut where it would be rounded to all of them."""
    return min(share * 100, 99.99) if share < 1 else share * 100


def _with_unit(amount: str, unit: str) -> str:
    match unit:
        case "MB":
            return gettext("%(amount)s MB") % {"amount": amount}
        case "ms":
            return gettext("%(amount)s ms") % {"amount": amount}
    return f"{amount} {unit}"


def _bar(limit: str, higher: bool) -> str:
    return (gettext("≥ %(limit)s") if higher else gettext("≤ %(limit)s")) % {"limit": limit}


def _limit(value: float, unit: str) -> str:
    """A bar or an aim: a round number, shown without the decimals that it does not need."""
    match unit:
        case "share":
            return percent(round(value * 100, 6))
        case "points" | "area":
            return number(value, "g")
    return _with_unit(number(value, "g"), unit)


def _interval(ends: Iterable[float] | None, unit: str) -> str:
    if ends is None:
        return ""
    return percents([*map(_shown, ends)], ".2f") if unit == "share" else between(figure(end, unit) for end in ends)


def _confusions(card: ModelCard) -> dict[str, Counts]:
    return card.confusion or {score.set: score.confusion for score in card.scores if score.confusion}


def _confusion(name: str, counts: Counts) -> Table:
    """[true][answered] → a table shaded by the share of its row, by orders of magnitude: mistakes are few."""
    rows = [
        (str(true), [Cell(number(count), _shade(count, sum(row)), true == best) for best, count in enumerate(row)])
        for true, row in enumerate(counts)
    ]
    return Table(name, [str(digit) for digit in range(10)], rows)


def _shade(count: float, of: float) -> int:
    """Nothing is 0; up to a thousandth is 1; from there to the whole evenly by orders of magnitude."""
    if not count:
        return 0
    return max(1, min(SHADES, SHADES + math.ceil(math.log10(count / of) * (SHADES - 1) / 3)))


def _seeds(card: ModelCard) -> Table | None:
    """What the same configuration gives with other random numbers."""
    if not card.spread:
        return None
    units = {row.row: row.unit for row in card.table}
    rows = [
        (row.replace("_", " "), [Cell(figure(value, units[row]), 0) for value in values])
        for row, values in card.spread.rows.items()
    ]
    return Table(gettext("Seeds"), [gettext("Seed %(seed)s") % {"seed": seed} for seed in card.spread.seeds], rows)


def _grid(grid: Grid) -> Table:
    values = [value for row in grid.values for value in row if value is not None]
    # The canvas grids hold shares that are right, the doors' shares that differ: what is wrong is the rarer of the two.
    right = sum(values) > len(values) / 2
    rows = [
        (size, [_grid_cell(value, right) for value in row]) for size, row in zip(grid.rows, grid.values, strict=True)
    ]
    return Table(f"{grid.name}, paper: {grid.paper}", list(grid.columns), rows)


def _grid_cell(value: float | None, right: bool) -> Cell:
    if value is None:
        return Cell("", 0)
    wrong = 1 - value if right else value
    return Cell(number(value * 100, ".1f"), min(SHADES, math.ceil(max(0.0, wrong - 0.005) * 50)))


def _source(source: Source) -> Source:
    """A model may come from anywhere: what is linked is a web address, and no script."""
    return source if source.link.startswith(("https://", "http://")) else replace(source, link="")


def _missing(card: ModelCard) -> list[str]:
    """What was not measured of this model."""
    there: set[str] = {row.group for row in card.table}
    if not there:
        there = {"accuracy" for score in card.scores if score.accuracy is not None}
        there |= {"declining" for score in card.scores if score.auroc is not None}
    titles = [title for group, title in _titles().items() if group not in there]
    return titles if card.reliability else [*titles, gettext("A reliability diagram")]
