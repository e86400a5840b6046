"""Text cells of our CSV that a spreadsheet would run as formulas: an apostrophe before them keeps them text.

Texts that look like a cell so written get one more, so that every text comes back as it was. Numbers stay as they are.
"""

import re

# https://owasp.org/www-community/attacks/CSV_Injection, with the wide forms that Excel takes for the same.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
MARK = "'"


def cell_of(text: str) -> str:
    return MARK + text if _starts_formula(text) else text


def text_of_cell(cell: str) -> str:
    """What `cell_of` was given. Cells from before there were marks stay as they are."""
    return cell.removeprefix(MARK) if _starts_formula(cell) else cell


def _starts_formula(text: str) -> bool:
    """Whether it does behind its marks, if there are any."""
    bare = text.lstrip(MARK)
    return bare.startswith(STARTS) and not NUMBER.fullmatch(bare)
