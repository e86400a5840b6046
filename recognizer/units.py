"""Writes measured figures: units and decimals."""

from recognizer.card import Interval, Unit

ENGLISH: dict[Unit, str] = {"share": "%", "points": " pt", "area": "", "MB": " MB", "ms": " ms"}
MOST_PERCENT = 99.99  # for shares below 1: 100 % means all


def scale(value: float, unit: Unit) -> tuple[float, str]:
    """Return the number to write (a share as percent) and Python's format for it."""
    if unit == "share":
        percent = value * 100
        return (min(percent, MOST_PERCENT) if value < 1 else percent), ".2f"
    return value, ".4f" if unit == "area" else ".2f"


def write_figure(value: float | None, unit: Unit) -> str:
    """Return the figure in English, or "" for None."""
    if value is None:
        return ""
    number, form = scale(value, unit)
    return f"{number:{form}}{ENGLISH[unit]}"


def write_interval(ends: Interval | None, unit: Unit) -> str:
    return " to ".join(write_figure(end, unit) for end in ends) if ends else ""
