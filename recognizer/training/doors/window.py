"""Finds the sheet that the drawing is on: a note on a desk, a panel, a page beside a desk. Part of the pixels door.

A first look takes all of the sheet, or the desk beside it, for ink.
"""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from recognizer.training.doors.frames import has_whole_edges
from recognizer.training.doors.resampling import GRID

LEAST_SIDE = 14  # cells: of a sheet
LEAST_MARGIN = 3  # cells: a sheet leaves more than this of the picture's height or width
BORDER = 0.08  # of the most ink of a row: rows and columns with more belong to the sheet
SOLID = 0.5  # of its box: a sheet fills more than this around the drawing, …
VERY_SOLID = 0.68  # … or more than this if the drawing covers one of its corners
DEEP = 0.2  # of its box: the least share of cells that have ink all around
CORNER = 0.12  # of the sheet's sides: the distance of the places from its box's corners that must be full
SOFT_CELLS, SOFT_PX = 0.5, 1.5  # the width of a sheet's blurred edge is the sum of both
END_TO_END = 0.97  # of the picture's side: the first row or column of a strip is covered by more than this, …
STRIP = 0.6  # … and the next ones, which may be askew, by more than this
CLEAR = 0.1  # of the picture's side: one of the rows behind a strip is covered by less than this
BEHIND = 4  # rows
MOST_STRIP = 0.45  # of the picture's side: a wider strip is no strip


def may_have_window(ink: Tensor) -> Tensor:
    """Return whether any picture may show a sheet or a strip. Most do not, and this saves them the search."""
    inked = to_inked(ink)
    deep = deep_cells(inked).sum((2, 3)).max() > DEEP * LEAST_SIDE**2
    covers = covered(inked)
    return deep | (torch.maximum(covers[..., :1], covers[..., -1:]).max() > END_TO_END)


def find_window(ink: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and far edge of the rows and columns to look at: (N, 1, 64, 64) → (N, 2, 1) cells each.

    They are a sheet's, or all of the picture without strips along its edges. cell_px (N, 2, 1): a cell's sides.
    """
    inked = to_inked(ink)
    low, high = box(inked)
    found = is_sheet(inked, low, high)  # (N, 1, 1)
    first, last = without_strips(inked)
    low, high = torch.where(found, low, first), torch.where(found, high, last)
    soft = SOFT_CELLS + SOFT_PX / cell_px
    return low + soft * (low > 0), high - soft * (high < GRID)


def to_inked(ink: Tensor) -> Tensor:
    return (ink > 0).to(ink.dtype)


def covered(inked: Tensor) -> Tensor:
    """Return the share of each row and column that is inked: (N, 1, 64, 64) → (N, 2, 64)."""
    return torch.cat([inked.mean(3), inked.mean(2)], 1)


def deep_cells(inked: Tensor) -> Tensor:
    """Keep only cells with ink all around, within two cells."""
    return 1 - max_pool2d(1 - inked, 5, 1, 2)


def box(inked: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and far edge of the rows and columns that hold more than a little ink: (N, 2, 1) cells each."""
    covers = covered(inked)
    within = (covers > BORDER * covers.amax(2, keepdim=True)).to(inked.dtype)
    place = torch.arange(GRID, dtype=inked.dtype)
    high = (within * (place + 1)).amax(2, keepdim=True)
    return GRID - (within * (GRID - place)).amax(2, keepdim=True), high


def is_sheet(inked: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Return whether the ink fills its box as a sheet does, solid except for a drawing on it: (N, 1, 1)."""
    sides = high - low  # (N, 2, 1)
    area = sides.prod(1, keepdim=True)
    filled, deep = (cells.sum((2, 3)).unsqueeze(2) / area for cells in (inked, deep_cells(inked)))
    corners = full_corners(inked.squeeze(1), low.squeeze(2), high.squeeze(2))[:, None, None]
    solid = ((filled > SOLID) & (corners == 4)) | ((filled > VERY_SOLID) & (corners == 3))
    large = sides.amin(1, keepdim=True) >= LEAST_SIDE
    whole = has_whole_edges(keep_box(inked, low, high))
    return solid & whole & (deep > DEEP) & large & (sides.amin(1, keepdim=True) < GRID - LEAST_MARGIN)


def keep_box(inked: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Keep the cells in a box: (N, 1, 64, 64). low, high (N, 2, 1): its edges."""
    place = torch.arange(GRID, dtype=inked.dtype)
    rows, columns = ((place >= low) & (place < high)).to(inked.dtype).unsqueeze(1).split(1, 2)  # (N, 1, 1, 64) each
    kept: Tensor = inked * rows.transpose(2, 3) * columns
    return kept


def full_corners(inked: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Count the corners of a box that are full of ink: (N,). It looks a little inside: a sheet may lie askew.

    inked (N, 64, 64); low, high (N, 2): the box's edges.
    """
    place = torch.arange(GRID, dtype=inked.dtype) + 0.5
    inset = CORNER * (high - low)
    corner = torch.stack([low + inset, high - inset], 2).unsqueeze(3)  # (N, 2, 2, 1)
    near = ((place - corner).abs() < 1.5).to(inked.dtype)  # (N, 2, 2, 64)
    ink = torch.matmul(torch.matmul(near[:, 0], inked), near[:, 1].transpose(1, 2))  # (N, 2, 2)
    most = near[:, 0].sum(2).unsqueeze(2) * near[:, 1].sum(2).unsqueeze(1)
    return (ink > most - 0.5).to(inked.dtype).sum((1, 2))


def without_strips(inked: Tensor) -> tuple[Tensor, Tensor]:
    """Return the first edge and the last behind strips along the picture's edges: (N, 2, 1) cells each."""
    covers = covered(inked)
    from_edges = torch.cat([covers, covers.flip(2)], 1)  # (N, 4, 64)
    place = torch.arange(GRID, dtype=inked.dtype)
    width = torch.where(from_edges > STRIP, GRID, place).amin(2, keepdim=True)  # (N, 4, 1)
    behind = (place >= width) & (place < width + BEHIND)
    clear = torch.where(behind, from_edges, 1).amin(2, keepdim=True) < CLEAR
    strip = (from_edges[..., :1] > END_TO_END) & clear & (width < MOST_STRIP * GRID)
    width = width * strip.to(inked.dtype)
    return width[:, :2], GRID - width[:, 2:]
