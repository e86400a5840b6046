"""Judges the outermost ink from all four sides: finds frames that are not closed, and tells sheets from drawings.

Part of the pixels door. A frame may be of dashes, have an open side, or be in pieces.
"""

import torch
from torch import Tensor

from recognizer.training.doors.parts import TINY
from recognizer.training.doors.resampling import GRID

SIDES = 3  # of four: a frame has at least so many
LEAST_WIDTH = 16  # cells: of a frame's side
STRAIGHT = 1.5  # cells: a line's outer edge keeps within this distance of a straight line …
MOSTLY = 0.8  # … in at least this share of the places where it is seen; an arc does not
SEEN = 0.4  # the least share of a side that is seen; a line of dots shows half
ALONG = 0.4  # the least share of the drawing's side along which the line is seen
LEAN = 0.25  # cells per cell: a line leans no more than this
EDGE_CELLS = 5  # cells within this distance of the edge of a sheet's box …
COVERED = 0.75  # … cover more than this share of it
TORN = 2.0  # cells: a sheet's edge keeps within this distance of a straight line
CENTRAL = 0.7  # of a sheet's side: near its corners, a sheet that lies askew shows another side
THICKNESS = 2  # cells: what is no farther inside than this belongs to the line


def frame_around(main: Tensor, others: Tensor) -> Tensor:
    """Return 1 for the cells of `others` that are a frame around `main`, or outside of it: all (N, 1, 64, 64), 0 or 1.

    A side is judged by the outermost cells, seen from that side.
    """
    outer, inner = from_all_sides(others), from_all_sides(main)  # (N, 4, 64, 64): each side is above
    place = torch.arange(GRID, dtype=main.dtype)
    first = torch.where(outer > 0, place[:, None], GRID).amin(2)  # (N, 4, 64)
    top = torch.where(inner > 0, place[:, None], GRID).amin((2, 3)).unsqueeze(2)  # (N, 4, 1): of the drawing
    seen = (first < top).to(main.dtype)
    low, high = ends_of(outer.amax(2), place)
    line, slope = fit_line(first, seen, place, (low + high) / 2)
    near = seen * ((first - line).abs() < STRAIGHT)
    width, drawn = high - low, inner.amax(2)
    count = near.sum(2, keepdim=True)
    straight = (count > MOSTLY * seen.sum(2, keepdim=True)) & (slope.abs() < LEAN)
    long = (count > SEEN * width) & (width >= LEAST_WIDTH)
    along = (near * drawn).sum(2, keepdim=True) > ALONG * drawn.sum(2, keepdim=True)
    side = (straight & long & along).to(main.dtype)  # (N, 4, 1)
    framed = (side.sum(1, keepdim=True) >= SIDES).to(main.dtype).unsqueeze(3)
    outside = (place[:, None] < line.unsqueeze(2) + THICKNESS) * side.unsqueeze(3)  # (N, 4, 64, 64)
    return others * framed * to_one_view(outside)


def has_whole_edges(cells: Tensor) -> Tensor:
    """Return whether all sides of the cells' box are nearly covered, or all are straight: (N, 1, 64, 64) → (N, 1, 1).

    cells: 0 or 1. A sheet's sides are so. The sides of a drawing by a wide pen have notches.
    """
    views = from_all_sides(cells)
    place = torch.arange(GRID, dtype=cells.dtype)
    first = torch.where(views > 0, place[:, None], GRID).amin(2)  # (N, 4, 64)
    seen = (first < GRID).to(cells.dtype)
    low, high = ends_of(seen, place)
    at_edge = (first < first.amin(2, keepdim=True) + EDGE_CELLS).to(cells.dtype)
    covered = at_edge.sum(2, keepdim=True) > COVERED * (high - low)
    seen = seen * ((place - (low + high) / 2).abs() < (high - low) * CENTRAL / 2)
    line, _ = fit_line(first, seen, place, (low + high) / 2)
    near = (seen * ((first - line).abs() < TORN)).sum(2, keepdim=True)
    straight = near > MOSTLY * seen.sum(2, keepdim=True)
    return covered.all(1, keepdim=True) | straight.all(1, keepdim=True)


def ends_of(bins: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near edge of the first and the far edge of the last bin that is 1: (N, 4, 64) → (N, 4, 1) each."""
    return GRID - (bins * (GRID - place)).amax(2, keepdim=True), (bins * (place + 1)).amax(2, keepdim=True)


def fit_line(first: Tensor, seen: Tensor, place: Tensor, middle: Tensor) -> tuple[Tensor, Tensor]:
    """Return the line through the mean places on either side of the middle, (N, 4, 64), and its slope, (N, 4, 1)."""
    halves = seen.unsqueeze(2) * torch.stack([place < middle, place >= middle], 2)  # (N, 4, 2, 64)
    weight = halves.sum(3).clamp(min=TINY)
    x = (halves * place).sum(3) / weight  # (N, 4, 2)
    y = (halves * first.unsqueeze(2)).sum(3) / weight
    slope = (y[..., 1:] - y[..., :1]) / (x[..., 1:] - x[..., :1]).clamp(min=1)
    return y[..., :1] + slope * (place - x[..., :1]), slope


def from_all_sides(cells: Tensor) -> Tensor:
    """Return the cells as seen from above, from below, from the left and from the right: (N, 4, 64, 64)."""
    turned = cells.transpose(2, 3)
    return torch.cat([cells, cells.flip(2), turned, turned.flip(2)], 1)


def to_one_view(views: Tensor) -> Tensor:
    """Turn the views back, and return the maximum of the four: (N, 1, 64, 64)."""
    above, below, left, right = views.split(1, 1)
    upright = torch.maximum(above, below.flip(2))
    return torch.maximum(upright, torch.maximum(left, right.flip(2)).transpose(2, 3))
