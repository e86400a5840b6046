"""Leaves frames and ruled lines out of a picture's ink. Knows no network.

`engine/furniture.js` does the same: the golden lines test both.
"""

import numpy as np
import numpy.typing as npt

from recognizer.parts import Ink, Labels, label_ink, widened
from recognizer.prediction import Box

GRID = 512  # most cells along a picture's longer side
ENCLOSED = 0.3  # of a frame's height: what it encloses is at least this tall
LONG = 0.5  # of the width of all ink: a ruled line is at least this long, …
LONGER = 2.0  # … and this many times as long as the tallest other part is high: a minus is shorter
THIN = 0.12  # of that height: in most columns, a ruled line has no more ink than this
MOSTLY = 0.85  # share of the columns

Cells = npt.NDArray[np.int64]  # left, top, right, bottom


def writing_of(ink: Ink) -> tuple[Ink, list[Box]]:
    """Return the ink without frames and ruled lines, and the boxes of its parts, px.

    What touches the writing stays. If nothing else is left, all stays.
    """
    labels, boxes, side = label_ink(ink, GRID)
    cells = [np.array(box, np.int64) // side for box in boxes]
    furniture = {part for part in range(len(boxes)) if is_frame(labels, part, cells) or is_rule(labels, part, cells)}
    if not furniture or len(furniture) == len(boxes):
        return ink, list(boxes)
    taken = np.isin(labels, [part + 1 for part in furniture])
    taken |= widened(taken) & (labels == 0)  # with the pale edge of its lines
    wiped = ink.copy()
    wiped[taken.repeat(side, 0).repeat(side, 1)[: ink.shape[0], : ink.shape[1]]] = 0
    return wiped, [box for part, box in enumerate(boxes) if part not in furniture]


def is_frame(labels: Labels, part: int, boxes: list[Cells]) -> bool:
    """Return True if a part is on the left, on the right, and above or below of another one in its box."""
    left, top, right, bottom = boxes[part]
    own = labels == part + 1
    for other, (start, high, end, low) in enumerate(boxes):
        if other == part or start <= left or end >= right or low - high < ENCLOSED * (bottom - top):
            continue
        row, column = (high + low) // 2, (start + end) // 2
        beside = own[row, left:start].any() and own[row, end:right].any()
        if beside and (own[top:high, column].any() or own[low:bottom, column].any()):
            return True
    return False


def is_rule(labels: Labels, part: int, boxes: list[Cells]) -> bool:
    """Return True for a long thin line along the writing, which may have short lines across it."""
    left, top, right, bottom = boxes[part]
    tallest = max((box[3] - box[1] for other, box in enumerate(boxes) if other != part), default=0)
    whole = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    if right - left < max(LONG * whole, LONGER * tallest):
        return False
    thick = (labels[top:bottom, left:right] == part + 1).sum(0)
    return float((thick <= THIN * tallest).mean()) >= MOSTLY
