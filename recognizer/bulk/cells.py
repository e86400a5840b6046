"""Escapes text cells of our CSV that a spreadsheet would run as formulas: an apostrophe is put before them.

A text that already begins with apostrophes and a formula gets one more, so that unescaping returns every text as it
was. Numbers are not escaped.
"""

import re

# https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms, which Excel runs too.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
MARK = "'"


def cell_of(text: str) -> str:
    return MARK + text if _starts_formula(text) else text


def text_of_cell(cell: str) -> str:
    """Undo `cell_of`. Cells of older files, which were not escaped, stay as they are."""
    return cell.removeprefix(MARK) if _starts_formula(cell) else cell


def _starts_formula(text: str) -> bool:
    """True if a formula follows the apostrophes, if any."""
    bare = text.lstrip(MARK)
    return bare.startswith(STARTS) and not NUMBER.fullmatch(bare)
