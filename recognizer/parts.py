"""Finds the parts of a drawing that stand apart. Knows neither doors nor models.

Strokes and ink are laid on a grid of cells; cells that touch are one part. `engine/parts.js` does the same to the last
bit: the golden drawings test both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.ink import Stroke
from recognizer.prediction import Box

STROKES_GRID = 256  # cells along a drawing's longer side: lines less than a cell apart touch
INK_GRID = 128  # most cells along the longer side of a picture's ink
LEAST_INK = np.float32(0.3)  # of typical ink, or of the strongest if that is more: paler ink joins no parts

Ink = npt.NDArray[np.float32]  # (H, W), 0 paper, about 1 typical ink; noise near the ink may be below 0
Mask = npt.NDArray[np.bool_]  # (R, C) cells
Labels = npt.NDArray[np.int64]  # (R, C): 0 for an empty cell, else the number of its part, from 1


@dataclass(frozen=True, eq=False)
class StrokesPart:
    """Strokes that touch. box: of their points, in their unit."""

    strokes: tuple[Stroke, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class InkParts:
    """The parts of a picture's ink. corner: of the grid, x and y; side: of its cells; boxes: of the parts. px."""

    ink: Ink
    labels: Labels
    corner: tuple[int, int]
    side: int
    boxes: tuple[Box, ...]

    def cut_out(self, index: int) -> Ink:
        """Return the ink of one part, in the middle of a square: the placer's grid is too fine for narrow pictures.

        It has the part's cells, and empty ones beside them for the pale edge of lines.
        """
        mine = self.labels == index + 1
        around = widened(mine)
        rows, columns = np.flatnonzero(around.any(1)), np.flatnonzero(around.any(0))
        kept = around & (mine | (self.labels == 0))
        kept = kept[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].repeat(self.side, 0).repeat(self.side, 1)
        left, top = self.corner[0] + columns[0] * self.side, self.corner[1] + rows[0] * self.side
        inside = self.ink[top : top + len(kept), left : left + kept.shape[1]]
        height, width = inside.shape
        square = np.zeros((max(inside.shape),) * 2, np.float32)
        above, before = (len(square) - height) // 2, (len(square) - width) // 2
        square[above : above + height, before : before + width] = inside * kept[:height, :width]
        return square


def may_stand_apart(strokes: Sequence[Stroke]) -> bool:
    """Return False if no stroke lies wholly beside, above or below another: a quick look, before anything is joined."""
    last_start = np.max([stroke.min(0) for stroke in strokes], 0)
    first_end = np.min([stroke.max(0) for stroke in strokes], 0)
    return len(strokes) > 1 and bool((last_start >= first_end).any())


def parts_of_strokes(strokes: Sequence[Stroke]) -> list[StrokesPart]:
    """Join the strokes that touch. strokes: normalised and thinned, see `recognizer.doors.strokes`."""
    cells = [_cells_along(stroke) for stroke in strokes]
    inked = np.zeros((STROKES_GRID, STROKES_GRID), bool)
    columns, rows = np.concatenate(cells).T
    inked[rows, columns] = True
    labels, count = label_parts(inked)
    together: list[list[Stroke]] = [[] for _ in range(count)]
    for stroke, own in zip(strokes, cells, strict=True):
        column, row = own[0]
        together[labels[row, column] - 1].append(stroke)
    return [_strokes_part(own) for own in together]


def _strokes_part(strokes: Sequence[Stroke]) -> StrokesPart:
    points = np.concatenate(strokes)
    return StrokesPart(tuple(strokes), (*points.min(0).tolist(), *points.max(0).tolist()))


def _cells_along(stroke: Stroke) -> npt.NDArray[np.int64]:
    """Return the cells that a stroke passes, (n, 2) column and row, without a gap between them."""
    ends = stroke * STROKES_GRID
    start = ends[:-1] if len(ends) > 1 else ends
    change = np.diff(ends, axis=0) if len(ends) > 1 else np.zeros_like(ends)
    # Two steps a cell: single ones may skip a cell by rounding.
    steps = np.floor(2 * np.abs(change).max(1)).astype(np.int64) + 1
    line = np.repeat(np.arange(len(steps)), steps + 1)
    step = np.arange(len(line)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    places = start[line] + change[line] * (step / steps[line])[:, None]
    cells: npt.NDArray[np.int64] = np.floor(places).astype(np.int64).clip(0, STROKES_GRID - 1)
    return cells


def parts_of_ink(ink: Ink) -> InkParts | None:
    """Find the parts of a picture's ink; None for a picture of one part or none."""
    # Typical ink is pale in a picture of much paper and noise.
    rows, columns = np.nonzero(ink > LEAST_INK * max(ink.max(), np.float32(1)))
    if not len(rows):
        return None
    (top, bottom), (left, right) = ((int(places.min()), int(places.max()) + 1) for places in (rows, columns))
    side = -(-max(bottom - top, right - left) // INK_GRID)
    # The grid has room around the ink for the pale edge of its lines.
    left, top = max(left - side, 0), max(top - side, 0)
    bottom, right = (min(end + side, most) for end, most in zip((bottom, right), ink.shape, strict=True))
    inked = np.zeros((-(-(bottom - top) // side), -(-(right - left) // side)), bool)
    inked[(rows - top) // side, (columns - left) // side] = True
    labels, count = label_parts(inked)
    return InkParts(ink, labels, (left, top), side, _boxes(labels, count, (left, top), side)) if count > 1 else None


def _boxes(labels: Labels, count: int, corner: tuple[int, int], side: int) -> tuple[Box, ...]:
    """Return the box of each part's cells, px."""
    cells = np.nonzero(labels)
    low, high = np.full((count, 2), max(labels.shape)), np.zeros((count, 2), np.int64)
    places = np.stack(cells[::-1], 1)  # x, y
    np.minimum.at(low, labels[cells] - 1, places)
    np.maximum.at(high, labels[cells] - 1, places + 1)
    edges = np.concatenate([low, high], 1) * side + np.tile(corner, 2)
    return tuple((left, top, right, bottom) for left, top, right, bottom in edges.astype(float).tolist())


def label_ink(ink: Ink, grid: int) -> tuple[Labels, tuple[Box, ...], int]:
    """Return the parts of a picture's ink on a grid, their boxes, px, and the side of its cells, px.

    grid: most cells along the picture's longer side.
    """
    inked = ink > LEAST_INK * max(ink.max(), np.float32(1))
    side = -(-max(ink.shape) // grid)
    rows, columns = np.nonzero(inked)
    cells = np.zeros((-(-ink.shape[0] // side), -(-ink.shape[1] // side)), bool)
    cells[rows // side, columns // side] = True
    labels, count = label_parts(cells)
    return labels, _boxes(labels, count, (0, 0), side), side


def widened(mask: Mask) -> Mask:
    """Add the cells that touch a cell of the mask."""
    rows, columns = mask.shape
    padded, wide = np.pad(mask, 1), np.zeros_like(mask)
    for down in range(3):
        for across in range(3):
            wide |= padded[down : down + rows, across : across + columns]
    return wide


def label_parts(inked: Mask) -> tuple[Labels, int]:
    """Number the parts of a grid; cells that touch, also at a corner, are one part. Also returns their count.

    Parts are numbered in the order of their first cells, row by row.
    """
    padded = np.zeros((len(inked), inked.shape[1] + 2), np.int8)
    padded[:, 1:-1] = inked
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)  # of each run of cells in a row
    ends = np.nonzero(change == -1)[1]
    roots = _joined(len(rows), _touching(rows.tolist(), starts.tolist(), ends.tolist()))
    numbers = {root: number for number, root in enumerate(sorted(set(roots)), 1)}
    labels = np.zeros(inked.shape, np.int64)
    labels[inked] = np.repeat([numbers[root] for root in roots], ends - starts)
    return labels, len(numbers)


def _touching(rows: list[int], starts: list[int], ends: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of runs in neighbouring rows that touch, the upper one first."""
    upper = lower = 0
    while lower < len(rows):
        if rows[upper] >= rows[lower]:
            lower += 1
        elif rows[upper] + 1 < rows[lower]:
            upper += 1
        else:
            if starts[upper] <= ends[lower] and starts[lower] <= ends[upper]:
                yield upper, lower
            if ends[upper] < ends[lower]:
                upper += 1
            else:
                lower += 1


def _joined(count: int, pairs: Iterator[tuple[int, int]]) -> list[int]:
    """Return the first run of each run's part."""
    parents = list(range(count))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    for upper, lower in pairs:
        first, second = sorted((root(upper), root(lower)))
        parents[second] = first
    return [root(run) for run in range(count)]
