"""What a model's `model.json` says of it, put in order for the page /model/. Knows no HTTP, measures nothing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from digit_recognition.numerals import between, number, percent, percents
from digit_recognition.reliability import Diagram, diagram
from recognizer.errors import ModelError

SHADES = 5  # as many as model.css has


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


def model_page(card: Mapping[str, Any]) -> dict[str, Any]:
    """`model.json` → the template's values. What was not measured is missing or named in "missing".

    Raises `ModelError` where what was measured is written down in a way that cannot be read.
    """
    try:
        return _page(card)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ModelError(f"what model.json says of its measurements cannot be read: {error!r}") from error


def _page(card: Mapping[str, Any]) -> dict[str, Any]:
    table = card.get("table", [])
    groups = [Group(title, rows) for key, title in _titles().items() if (rows := _rows(table, key))]
    held = [row.holds for group in groups for row in group.rows if row.holds is not None]
    return {
        "name": card["name"],
        "measured": card.get("measured"),
        "groups": groups,
        "bars": len(held),
        "reached": sum(held),
        "scores": [] if groups else [_score(one) for one in card.get("scores", [])],
        "confusion": [_confusion(name, counts) for name, counts in _confusions(card).items()],
        "reliability": _diagrams(card),
        "grids": [_grid(one) for one in card.get("grids", [])],
        "seeds": _seeds(card, table),
        "missing": _missing(card, table),
        "rule": {name: _limit(number, "share") for name, number in card["rule"].items()},
        "calibrated_for": _limit(card["calibrated_for"], "share") if "calibrated_for" in card else None,
        "sources": [_source(one) for one in card.get("sources", [])],
        "files": list(card.get("data", [])),
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


def _rows(table: Iterable[Mapping[str, Any]], group: str) -> list[Row]:
    return [_row(one) for one in table if one["group"] == group]


def _row(one: Mapping[str, Any]) -> Row:
    unit, bar, aim = one["unit"], one.get("bar"), one.get("aim")
    higher = one["better"] == "higher"
    return Row(
        name=one["row"].replace("_", " "),
        where=one.get("where") or "",
        value=figure(one["value"], unit),
        interval=_interval(one.get("interval"), unit),
        n=number(one["n"]),
        bar="" if bar is None else _bar(_limit(bar, unit), higher),
        aim="" if aim is None else _limit(aim, unit),
        holds=None if bar is None else bool(one["value"] >= bar if higher else one["value"] <= bar),
    )


def _score(one: Mapping[str, Any]) -> Row:
    """A set's score, of a model whose whole table was not measured."""
    right = "accuracy" in one
    return Row(
        name=one["set"],
        where="" if right else gettext("no digits: share declined"),
        value=figure(one["accuracy" if right else "declined"], "share"),
        interval=_interval(one.get("interval"), "share")
        or (f"AUROC {number(one['auroc'], '.4f')}" if "auroc" in one else ""),
        n=number(one["n"]),
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


def _confusions(card: Mapping[str, Any]) -> dict[str, Any]:
    older = {one["set"]: one["confusion"] for one in card.get("scores", []) if one.get("confusion")}
    return dict(card.get("confusion", older))


def _confusion(name: str, counts: list[list[int]]) -> Table:
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


def _seeds(card: Mapping[str, Any], table: Iterable[Mapping[str, Any]]) -> Table | None:
    """What the same configuration gives with other random numbers."""
    if not (spread := card.get("spread")):
        return None
    units = {one["row"]: one["unit"] for one in table}
    rows = [
        (row.replace("_", " "), [Cell(figure(value, units[row]), 0) for value in values])
        for row, values in spread["rows"].items()
    ]
    return Table(gettext("Seeds"), [gettext("Seed %(seed)s") % {"seed": seed} for seed in spread["seeds"]], rows)


def _grid(one: Mapping[str, Any]) -> Table:
    values = [value for row in one["values"] for value in row if value is not None]
    # The canvas grids hold shares that are right, the doors' shares that differ: what is wrong is the rarer of the two.
    right = sum(values) > len(values) / 2
    rows = [
        (size, [_grid_cell(value, right) for value in row])
        for size, row in zip(one["rows"], one["values"], strict=True)
    ]
    return Table(f"{one['name']}, paper: {one['paper']}", list(one["columns"]), rows)


def _grid_cell(value: float | None, right: bool) -> Cell:
    if value is None:
        return Cell("", 0)
    wrong = 1 - value if right else value
    return Cell(number(value * 100, ".1f"), min(SHADES, math.ceil(max(0.0, wrong - 0.005) * 50)))


def _diagrams(card: Mapping[str, Any]) -> list[Diagram]:
    return [diagram(name, bins) for name, bins in card.get("reliability", {}).items()]


def _source(one: Mapping[str, str]) -> dict[str, str]:
    """A model may come from anywhere: what is linked is a web address, and no script."""
    link = one.get("link", "")
    return {**one, "link": link if link.startswith(("https://", "http://")) else ""}


def _missing(card: Mapping[str, Any], table: Iterable[Mapping[str, Any]]) -> list[str]:
    """What was not measured of this model."""
    there = {one["group"] for one in table}
    if not there:
        told = {"accuracy": "accuracy", "auroc": "declining"}
        there = {group for one in card.get("scores", []) for field, group in told.items() if field in one}
    titles = [title for group, title in _titles().items() if group not in there]
    return titles if card.get("reliability") else [*titles, gettext("A reliability diagram")]
