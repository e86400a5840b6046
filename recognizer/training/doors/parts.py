"""Finds the connected parts of a picture's ink on its rough copy, and measures them. Part of the pixels door."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

from recognizer.training.doors.resampling import GRID

PARTS = 12  # the inkiest parts are measured
LONG = 20  # cells: a straight run of this length may be a line
TINY = 1e-6


class Parts(NamedTuple):
    """The 12 inkiest parts of each picture: (N, 12), unless it says otherwise."""

    cells: Tensor  # (N, 12, 4096), 1 for the part's cells, else 0
    ink: Tensor
    area: Tensor  # cells
    low: Tensor  # (N, 12, 2), the box's edges in cells: rows, columns
    high: Tensor
    centre: Tensor  # (N, 12, 2), of its ink, in cells: rows, columns
    straight: Tensor  # the share of its cells that lie on long straight runs along rows or columns


def find_parts(ink: Tensor, inked: Tensor) -> Parts:
    """ink, inked (N, 1, 64, 64); inked: 1 for cells of ink, else 0."""
    roots = connect(inked)  # (N, 4096)
    amounts = torch.zeros_like(roots, dtype=ink.dtype).scatter_add(1, roots, (ink * inked).flatten(1))
    inkiest = torch.topk(amounts, PARTS, dim=1).indices  # (N, 12)
    cells = (roots.unsqueeze(1) == inkiest.unsqueeze(2)).to(ink.dtype) * inked.flatten(2)  # (N, 12, 4096)
    place = torch.arange(GRID, dtype=ink.dtype) + 0.5
    measures = [ink, torch.ones_like(ink), on_runs(inked), ink * place[:, None], ink * place]
    sums = torch.matmul(cells, torch.stack([measure.flatten(1) for measure in measures], 2))  # (N, 12, 5)
    low, high = boxes(cells)
    amount, area, on_run = (column.clone() for column in sums[..., :3].unbind(2))  # `torch.cond` refuses views
    centre = sums[..., 3:] / sums[..., :1].clamp(min=TINY)
    return Parts(cells, amount, area, low, high, centre, on_run / area.clamp(min=1))


def connect(inked: Tensor) -> Tensor:
    """Give all cells of a part the number of one of them, its root: (N, 1, 64, 64) → (N, 4096) int64.

    Cells that touch at a side or a corner are connected. Each cell points to a cell of its part with the same or a
    higher number. In each hop, a part's root is hung below its highest neighbour, and all pointers skip a step (Zhang
    et al., FastSV, 2020). Other cells point to themselves.
    """
    parent = torch.cumsum(torch.ones_like(inked.flatten(1)), 1) - 1  # (N, 4096)
    parent, _, _ = torch.while_loop(lambda parent, step, inked: step > 0, hop, (parent, parent.max(), inked))
    roots: Tensor = parent.to(torch.int64)
    return roots


def hop(parent: Tensor, step: Tensor, inked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the new pointers, the largest step of any of them, and `inked`."""
    flat = inked.flatten(1)
    place = parent.to(torch.int64)
    grand = parent.gather(1, place)
    near = max_pool2d((grand * flat).reshape(inked.shape), 3, 1, 1).flatten(1) * flat
    new = torch.maximum(parent.scatter_reduce(1, place, near, "amax"), torch.maximum(near, grand))
    return new, (new - parent).max(), inked.clone()


def on_runs(inked: Tensor) -> Tensor:
    """Return 1 for inked cells on runs of LONG cells along a row or column, or near one in a slightly tilted line."""
    across = open_by(max_pool2d(inked, (3, 1), 1, (1, 0)), (1, LONG))
    down = open_by(max_pool2d(inked, (1, 3), 1, (0, 1)), (LONG, 1))
    return torch.maximum(across, down) * inked


def open_by(inked: Tensor, window: tuple[int, int]) -> Tensor:
    """Keep only what the window fits into (morphological opening): (N, 1, 64, 64), 0 or 1."""
    rows, columns = window
    fits = 1 - max_pool2d(max_pool2d(1 - inked, (rows, 1), 1), (1, columns), 1)  # 1 where a full window starts
    # Each axis is padded for its own window: onnxruntime-web refuses a pool that is padded by more than its window.
    spread = max_pool2d(pad(fits, (0, 0, rows - 1, rows - 1)), (rows, 1), 1)
    return max_pool2d(pad(spread, (columns - 1, columns - 1, 0, 0)), (1, columns), 1)


def boxes(cells: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 12, 4096) → the near and the far edge of each part's rows and columns, (N, 12, 2) cells."""
    grid = cells.unflatten(2, (GRID, GRID))
    place = torch.arange(GRID, dtype=cells.dtype)
    bins = torch.stack([grid.amax(3), grid.amax(2)], 2)  # (N, 12, 2, 64)
    high = (bins * (place + 1)).amax(3)
    low = GRID - (bins * (GRID - place)).amax(3)
    return low, high
