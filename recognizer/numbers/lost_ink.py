"""Finds out whether the cleaner took writing away together with a frame. Knows no network.

`engine/lost_ink.js` does the same: the golden lines test both.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recognizer.ink import Image
from recognizer.parts import Ink

KEPT = 0.5  # of full ink: this much is writing, …
TAKEN = 0.3  # … and dark pixels with less were taken away
DARK = 0.6  # of the contrast between paper and writing
BESIDE = 1.0  # of the line's height: so far on each side
MIDDLE = 0.15  # of the line's height: rows nearer to its top and bottom do not count, as frames run there
THICK = 0.15  # of the line's height: a frame's own line is thinner
LOST = 0.25  # share of the rows

Mask = npt.NDArray[np.bool_]


def has_lost_ink(gray: Image, ink: Ink, box: Sequence[float]) -> bool:
    """Return True if beside a line more than a frame's upright line was taken away.

    gray, ink: (H, W), a picture and what the cleaner left of it; box: of the line, px.
    """
    left, top, right, bottom = (int(edge) for edge in box)
    high = bottom - top
    rows = slice(top + int(MIDDLE * high), bottom - int(MIDDLE * high))
    own, tones = ink[top:bottom, left:right], gray[top:bottom, left:right]
    if not (own > KEPT).any() or not (own < TAKEN).any():
        return False
    writing, paper = middle_of(tones[own > KEPT]), middle_of(tones[own < TAKEN])
    darker = (gray[rows].astype(np.int64) - paper) * (1 if writing > paper else -1)
    taken = (darker > DARK * abs(writing - paper)) & (ink[rows] < TAKEN)
    far = int(BESIDE * high)
    before, behind = taken[:, max(left - far, 0) : left][:, ::-1], taken[:, right : right + far]
    return is_more_than_a_line(before, THICK * high) or is_more_than_a_line(behind, THICK * high)


def middle_of(tones: npt.NDArray[np.uint8]) -> int:
    return int(np.sort(tones)[len(tones) // 2])


def is_more_than_a_line(taken: Mask, thick: float) -> bool:
    """Return True if many rows have two runs of what was taken away, or a thick one. taken: the nearest column first.

    A run that reaches the last column does not count: it is a desk or a shadow.
    """
    if not taken.size:
        return False
    lost = 0
    for row in taken:
        change = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0, append=0))
        lengths = np.diff(change)[::2]
        if len(change) and change[-1] == len(row):
            lengths = lengths[:-1]
        lost += bool(len(lengths) > 1 or (len(lengths) and lengths.max() > thick))
    return lost >= LOST * len(taken)
