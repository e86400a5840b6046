"""Formats numbers and units for each language, as `Intl.NumberFormat` does in the browser.

The digits are always 0 to 9, so that an answer looks like the digit that was drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from recognizer.card import Interval, Unit
from recognizer.units import scale

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
LEFT_TO_RIGHT = "\u200e"  # an invisible mark: keeps a sign on its side of the number in right-to-left text


@dataclass(frozen=True)
class Marks:
    """The characters of a number beside its digits. Numbers below `least_grouped` have no group marks."""

    point: str = "."
    group: str = ","
    percent: str = "%"
    least_grouped: int = 1_000
    before_range: str = ""  # stands before the first of two numbers


MARKS = {
    "es": Marks(point=",", group=".", percent=f"{NO_BREAK}%", least_grouped=10_000),
    "fr": Marks(point=",", group=NARROW_NO_BREAK, percent=f"{NO_BREAK}%"),
    "ar": Marks(percent=f"{LEFT_TO_RIGHT}%{LEFT_TO_RIGHT}", before_range=LEFT_TO_RIGHT),
}


def number(value: float, format_spec: str = ",") -> str:
    """format_spec: Python's, such as ",.2f"."""
    marks = _marks()
    english = format(value, format_spec if abs(value) >= marks.least_grouped else format_spec.replace(",", ""))
    return english.translate(str.maketrans(".,", marks.point + marks.group))


def percent(value: float, format_spec: str = "g") -> str:
    """value: 98.7 for 98.7 %."""
    return _with_unit(number(value, format_spec), "share")


def figure(value: float, unit: Unit) -> str:
    """Return a measured number with its unit, a share as percent."""
    return _with_unit(number(*scale(value, unit)), unit)


def interval(ends: Interval, unit: Unit) -> str:
    """Return "1.50–2.00 %": both figures, with one unit."""
    return _with_unit(_between(number(*scale(end, unit)) for end in ends), unit)


def limit(value: float, unit: Unit) -> str:
    """Return a round figure without needless decimals. Points keep one, to avoid "1 points"."""
    amount, _ = scale(value, unit)
    return _with_unit(number(amount, ".1f" if unit == "points" else "g"), unit)


def _between(numbers: Iterable[str]) -> str:
    """Join two numbers by a dash, in this order also in right-to-left text."""
    return f"{_marks().before_range}{'–'.join(numbers)}"


def _with_unit(amount: str, unit: Unit) -> str:
    match unit:
        case "share":
            return f"{amount}{_marks().percent}"
        case "points":
            return gettext("%(points)s points") % {"points": amount}
        case "MB":
            return gettext("%(amount)s MB") % {"amount": amount}
        case "ms":
            return gettext("%(amount)s ms") % {"amount": amount}
    return amount


def _marks() -> Marks:
    return MARKS.get((get_language() or "en").split("-")[0], Marks())
