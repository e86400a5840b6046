"""Numbers as each language writes them, as `Intl.NumberFormat` does in the browser. The digits are always 0 to 9: what
the program reads, and what it says, is meant to look alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
LEFT_TO_RIGHT = "\u200e"  # a mark: keeps a sign on its side of the number where a line runs from right to left


@dataclass(frozen=True)
class Marks:
    """What stands in a number beside its digits. `least`: smaller numbers are not grouped."""

    point: str = "."
    group: str = ","
    percent: str = "%"
    least: int = 1_000
    before: str = ""  # the first of two numbers


MARKS = {
    "es": Marks(point=",", group=".", percent=f"{NO_BREAK}%", least=10_000),
    "fr": Marks(point=",", group=NARROW_NO_BREAK, percent=f"{NO_BREAK}%"),
    "ar": Marks(percent=f"{LEFT_TO_RIGHT}%{LEFT_TO_RIGHT}", before=LEFT_TO_RIGHT),
}


def number(value: float, form: str = ",") -> str:
    """form: Python's own, such as ",.2f"."""
    marks = _marks()
    english = format(value, form if abs(value) >= marks.least else form.replace(",", ""))
    return english.translate(str.maketrans(".,", marks.point + marks.group))


def percent(value: float, form: str = "g") -> str:
    """value: 98.7 for 98.7 %."""
    return f"{number(value, form)}{_marks().percent}"


def percents(values: list[float], form: str) -> str:
    """From one to another, with one sign for both."""
    return f"{between(number(value, form) for value in values)}{_marks().percent}"


def between(figures: Iterable[str]) -> str:
    """From one figure to another, in this order also where lines run from right to left."""
    return f"{_marks().before}{'–'.join(figures)}"


def _marks() -> Marks:
    return MARKS.get((get_language() or "en").split("-")[0], Marks())
