"""A row in words, for terminals and reports."""

import math
from typing import Any


def named(row: dict[str, Any]) -> str:
    return str(row["file"]) if row["page"] == 1 else f"{row['file']}, page {row['page']}"


def told(row: dict[str, Any]) -> str:
    """What stands beside the digit: how sure, or why there is none."""
    if row["error"]:
        return f"error: {printable(row['error'])}"
    first, second = sorted(range(10), key=lambda digit: -row["probabilities"][digit])[:2]
    match row["reason"]:
        case None:
            return f"{math.floor(1000 * row['confidence']) / 10:.1f}%"  # nothing is 100% sure
        case "not a digit":
            return f"not a digit (best guess {first})"
        case "unsure":
            return f"unsure ({first} or {second}?)"
    return str(row["reason"])


def printable(text: str) -> str:
    """A file's name may hold what moves a terminal's cursor, or worse."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
