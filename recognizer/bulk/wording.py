"""Words for a row, in terminals and reports."""

import math
from typing import Any


def name_of(row: dict[str, Any]) -> str:
    return str(row["file"]) if row["page"] == 1 else f"{row['file']}, page {row['page']}"


def answer_of(row: dict[str, Any]) -> str:
    """The text beside the digit: the confidence, or why there is no digit."""
    if row["error"]:
        return f"error: {escape_unprintable(row['error'])}"
    first, second = sorted(range(10), key=lambda digit: -row["probabilities"][digit])[:2]
    match row["reason"]:
        case None:
            return f"{math.floor(1000 * row['confidence']) / 10:.1f}%"  # rounded down, so never 100%
        case "not a digit":
            return f"not a digit (best guess {first})"
        case "unsure":
            return f"unsure ({first} or {second}?)"
    return str(row["reason"])


def escape_unprintable(text: str) -> str:
    """Escape control characters: in a file's name they could move a terminal's cursor, or worse."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
