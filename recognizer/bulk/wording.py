"""Words for a row, in terminals and reports."""

import math
from typing import Any


def name_of(row: dict[str, Any]) -> str:
    return str(row["file"]) if row["page"] == 1 else f"{row['file']}, page {row['page']}"


def text_of_answer(row: dict[str, Any]) -> str | None:
    """The digit or the number; None if there is none."""
    answer = row["text"] if "text" in row else row["digit"]
    return None if answer is None else str(answer)


def answer_of(row: dict[str, Any]) -> str:
    """The words beside the digit or number: the confidence, or why there is none."""
    if row["error"]:
        return f"error: {escape_unprintable(row['error'])}"
    match row["reason"], guesses_of(row)[:2]:
        case None, _:
            return f"{math.floor(1000 * row['confidence']) / 10:.1f}%"  # rounded down, so never 100%
        case "not a digit" | "not a number" as reason, [first, *_]:
            return f"{reason} (best guess {first})"
        case "unsure", [first, second]:
            return f"unsure ({first} or {second}?)"
    return str(row["reason"])


def guesses_of(row: dict[str, Any]) -> list[str]:
    """What may be written, most probable first; for a number, nothing if no text is allowed."""
    if "alternatives" in row:
        return list(row["alternatives"])
    return [str(digit) for digit in sorted(range(10), key=lambda digit: -row["probabilities"][digit])]


def escape_unprintable(text: str) -> str:
    """Escape control characters: in a file's name they could move a terminal's cursor, or worse."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
