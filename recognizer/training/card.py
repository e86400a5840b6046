"""The model card: `model.json` as a page for people. Measures nothing."""

from collections.abc import Iterable
from typing import Any

# ruff: noqa: E501 — a table's row is one line
SOURCES = {  # by the beginning of the files' paths
    "mnist/": "| MNIST (LeCun, Cortes, Burges), its 60,000 training pictures | digits on paper by some 250 people | commonly given as CC BY-SA 3.0 |",
    "pen/pendigits": "| Pen-Based Recognition of Handwritten Digits (Alpaydın, Alimoğlu; UCI), its 7,494 training digits | strokes by 30 people on a tablet | CC BY 4.0 |",
    "pen/ujipenchars": "| UJIpenchars (Llorens, Prat, Marzal and others; UCI), the letters of the writers uji01 to uji08 | what is not a digit | UCI: cite |",
    "": "| made up by code | lines, scribbles, shapes, two digits at once | ours |",
}


def model_card(card: dict[str, Any]) -> str:
    """`model.json` → Markdown."""
    digits = [one for one in card["scores"] if "accuracy" in one]
    others = [one for one in card["scores"] if "accuracy" not in one]
    parts = [
        f"# {card['name']}",
        "Reads one handwritten digit, 0 to 9, from the 28×28 picture that the doors make of strokes or pixels, and says "
        "when it is not sure. Measured through the exported files, as users run them.",
        "## Digits",
        table(["set", "n", "right", "95 % interval", "declined", "calibration error"], map(_digit_row, digits)),
        "A declined drawing counts as right where its best digit is right. Calibration error: of `confidence`, expected, "
        "in 15 bins.",
        "## What is not a digit",
        table(["set", "n", "declined", "AUROC of confidence against all digits above"], map(_other_row, others)),
        "## The rule",
        f"An answer of less confidence than {card['rule']['accept']} is declined: as not a digit where the chance of that "
        f"is {card['rule']['not_a_digit']} or more, else as unsure. Temperature and threshold were set on held-out "
        f"pictures and writers of the training sets.",
        "## Trained on",
        sources(card["data"]),
        f"Seed {card['seed']}, {card['config']['epochs']} epochs; the whole configuration, the data's hashes and each "
        "epoch's figures stand in `model.json`. None of the sets above trained or calibrated it.",
        card.get("note", ""),
        "## What it is not for",
        "Several digits at once; other numerals, Devanagari or Arabic-Indic ones, say; printed digits; decisions about "
        "people without someone who checks. The training writers wrote digits as is usual in North America and Turkey.",
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def sources(files: Iterable[str]) -> str:
    """A table of what the files that it trained on are part of."""
    rows = [row for start, row in SOURCES.items() if any(file.startswith(start) for file in files)]
    return "\n".join(["| source | what it gave | licence |", "|---|---|---|", *rows])


def table(heads: list[str], rows: Any) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _digit_row(one: dict[str, Any]) -> list[str]:
    low, high = one["interval"]
    return [
        one["set"],
        f"{one['n']:,}",
        f"{one['accuracy']:.2%}",
        f"{low:.2%} to {high:.2%}",
        f"{one['declined']:.2%}",
        f"{one['calibration_error']:.2%}",
    ]


def _other_row(one: dict[str, Any]) -> list[str]:
    auroc = f"{one['auroc']:.4f}" if "auroc" in one else "not measured"
    return [one["set"], f"{one['n']:,}", f"{one['declined']:.1%}", auroc]
