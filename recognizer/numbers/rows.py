"""Tells the lines of a text apart, from the boxes of its strokes or parts. Knows neither strokes nor pictures.

`engine/rows.js` does the same: the golden lines test both.
"""

from bisect import bisect_left
from collections.abc import Sequence

from recognizer.prediction import Box

LEAST_HEIGHT = 0.35  # of the tallest box: lower ones, such as dots, hats and signs, make no line of their own
LEAST_SHARED = 0.25  # of the lower one's height: boxes on one line share at least this much of it


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Return the indexes of the boxes on each line, lines from top to bottom, boxes in their order.

    Tall boxes that share rows with the one before from top to bottom, or with the one that reaches deepest, are on one
    line, so a line may rise or fall. Small ones belong to the nearest line.
    """
    highest = max(bottom - top for _, top, _, bottom in boxes)
    order = sorted(range(len(boxes)), key=lambda index: (boxes[index][1] + boxes[index][3], index))
    lines: list[list[int]] = []
    deepest = before = -1
    for index in order:
        box = boxes[index]
        if box[3] - box[1] < LEAST_HEIGHT * highest:
            continue
        if lines and (_share_rows(boxes[before], box) or _share_rows(boxes[deepest], box)):
            lines[-1].append(index)
            deepest = index if box[3] > boxes[deepest][3] else deepest
        else:
            lines.append([index])
            deepest = index
        before = index
    _add_small(lines, boxes, order)
    return [sorted(line) for line in lines]


def _add_small(lines: list[list[int]], boxes: Sequence[Box], order: Sequence[int]) -> None:
    """Add the boxes that are on no line yet to the line whose rows are nearest, the upper one of two."""
    taken = {index for line in lines for index in line}
    tops = [min(boxes[index][1] for index in line) for line in lines]
    bottoms = [max(boxes[index][3] for index in line) for line in lines]
    for index in order:
        if index in taken:
            continue
        _, top, _, bottom = boxes[index]
        below = min(bisect_left(bottoms, (top + bottom) / 2), len(lines) - 1)  # the first line that ends below it
        above = max(below - 1, 0)
        is_nearer_above = top - bottoms[above] < tops[below] - bottom
        lines[above if is_nearer_above else below].append(index)


def _share_rows(first: Box, second: Box) -> bool:
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return shared >= LEAST_SHARED * min(first[3] - first[1], second[3] - second[1])
