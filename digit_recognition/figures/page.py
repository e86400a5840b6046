"""Arranges a model's card for the page /model/. Knows no HTTP, measures nothing."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext

from digit_recognition.figures.reliability import diagram
from digit_recognition.numerals import figure, limit, number
from recognizer.card import Counts, Grid, ModelCard, Row, Scores, Source

SHADES = 5  # styles/tables.css has a rule for each


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Cell:
    """shade: 0 (none) to `SHADES`. right: True on the diagonal of a confusion matrix."""

    text: str
    shade: int
    right: bool = False


@dataclass(frozen=True)
class Table:
    """A table with headers at its top and left. A row is its header and its cells."""

    name: str
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]


def page_context(card: ModelCard) -> dict[str, Any]:
    """Return the template's values. "missing" names the groups that were not measured."""
    titled = [Group(title, [row for row in card.table if row.group == key]) for key, title in _titles().items()]
    groups = [group for group in titled if group.rows]
    held = [row.holds for row in card.table if row.holds is not None]
    return {
        "name": card.name,
        "measured": card.measured,
        "groups": groups,
        "required": len(held),
        "met": sum(held),
        "scores": [] if groups else [_score(score) for score in card.scores],
        "confusion": [_confusion(name, counts) for name, counts in _confusions(card).items()],
        "reliability": [diagram(name, bins) for name, bins in card.reliability.items()],
        "grids": [_grid(grid) for grid in card.grids],
        "seeds": _seeds(card),
        "missing": _missing(card),
        "rule": {name: limit(share, "share") for name, share in asdict(card.rule).items()},
        "calibrated_for": None if card.calibrated_for is None else limit(card.calibrated_for, "share"),
        "sources": [_source(source) for source in card.sources],
        "files": list(card.data),
        "imported": card.origin,
        "never_rejects": card.rule.digit == 0,
    }


def _titles() -> dict[str, str]:
    return {
        "accuracy": gettext("Digits read correctly"),
        "canvas": gettext("Any size, pen, position and paper"),
        "doors": gettext("Strokes vs. picture of the same drawing"),
        "corruption": gettext("Damaged pictures: error rate"),
        "declining": gettext("Rejecting what isn't a digit"),
        "calibration": gettext("Calibration of its confidence"),
        "numbers": gettext("Whole numbers, composed of single digits"),
        "cost": gettext("Size and speed"),
    }


def _score(score: Scores) -> Row:
    """Return a set's score as a row, for a model without a table."""
    is_digits = score.accuracy is not None
    auroc = "" if score.auroc is None else f" · AUROC {figure(score.auroc, 'area')}"
    return Row(
        row=score.set,
        group="accuracy" if is_digits else "declining",
        value=score.declined if score.accuracy is None else score.accuracy,
        unit="share",
        n=score.n,
        interval=score.interval,
        bar=None,
        aim=None,
        better="higher",
        where=None if is_digits else gettext("not digits: share declined") + auroc,
    )


def _confusions(card: ModelCard) -> dict[str, Counts]:
    return card.confusion or {score.set: score.confusion for score in card.scores if score.confusion}


def _confusion(name: str, counts: Counts) -> Table:
    """counts: [true][answered]. The shade is logarithmic in the share of the row, because mistakes are rare."""
    rows = [
        (str(true), [Cell(number(count), _shade(count, sum(row)), true == best) for best, count in enumerate(row)])
        for true, row in enumerate(counts)
    ]
    return Table(name, [str(digit) for digit in range(10)], rows)


def _shade(count: float, total: float) -> int:
    """0 for a count of 0, 1 for up to a thousandth, then evenly by orders of magnitude."""
    if not count:
        return 0
    return max(1, min(SHADES, SHADES + math.ceil(math.log10(count / total) * (SHADES - 1) / 3)))


def _seeds(card: ModelCard) -> Table | None:
    """Return the values of the same configuration with other seeds."""
    if not card.spread:
        return None
    units = {row.row: row.unit for row in card.table}
    rows = [(row, [Cell(figure(value, units[row]), 0) for value in values]) for row, values in card.spread.rows.items()]
    return Table(
        gettext("How much is luck"), [gettext("Seed %(seed)s") % {"seed": seed} for seed in card.spread.seeds], rows
    )


def _grid(grid: Grid) -> Table:
    values = [value for row in grid.values for value in row if value is not None]
    # The canvas grids hold shares of correct answers, the doors' grids shares of differing answers. Errors are rare.
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
    """Keep a link only if it is a web address: a model may come from anywhere, and a link could be a script."""
    return source if source.link.startswith(("https://", "http://")) else replace(source, link="")


def _missing(card: ModelCard) -> list[str]:
    """Return the titles of the groups that were not measured."""
    measured: set[str] = {row.group for row in card.table}
    if not measured:
        measured = {"accuracy" for score in card.scores if score.accuracy is not None}
        measured |= {"declining" for score in card.scores if score.auroc is not None}
    titles = [title for group, title in _titles().items() if group not in measured]
    return titles if card.reliability else [*titles, gettext("Confidence vs. accuracy")]
