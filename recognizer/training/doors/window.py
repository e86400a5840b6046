"""Finds the sheet that the drawing is on: a note on a desk, a panel, a page beside a desk's edge. Part of the pixels
door."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from recognizer.training.doors.paper import GRID

SOLID = 0.5  # of its box: a sheet fills at least this much, with the drawing on it
CORE = 0.2  # of its box: cells with ink all around
LEAST_SHEET = 14  # cells: the least side of a sheet
LEAST_MARGIN = 3  # cells: a sheet leaves more than this of the picture, in both directions
CORNER = 0.12  # of the sheet's sides: so far from its box's corners, a sheet is solid
SHEET_COVER = 0.08  # of the most: the rows and columns of a sheet are covered at least so well
BORDER_COVER = 0.97
COVER = 0.6
CLEAR = 0.1
MOST_STRIP = 0.45


def find_window(ink: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and far edge of the sheet's rows and columns: (N, 1, 64, 64) → (N, 2, 1) cells each."""
    inked = (ink > 0).to(ink.dtype)
    low, high = box(inked)  # (N, 2, 1)
    full = (high - low).prod(1)[:, :, None]  # (N, 1, 1)
    grid = inked.squeeze(1)
    cells, thick = grid.sum((1, 2), keepdim=True), core(inked).sum((1, 2, 3)).reshape(-1, 1, 1)
    solid = (cells > SOLID * full) & (thick > CORE * full) & ((high - low).amin(1, keepdim=True) >= LEAST_SHEET)
    solid = solid & (GRID - (high - low) > LEAST_MARGIN).all(1, keepdim=True)
    corners = fills_corners(grid, low.squeeze(2), high.squeeze(2))[:, None, None]
    found = (solid & corners).to(ink.dtype)
    low, high = low + 0.5, high - 0.5
    strips_low, strips_high = strips(inked)
    return low * found + strips_low * (1 - found), high * found + strips_high * (1 - found)


def may_have_window(ink: Tensor) -> Tensor:
    """Return whether any picture has enough thick ink for a sheet, or a row or column at an edge full of ink."""
    inked = (ink > 0).to(ink.dtype)
    thick = core(inked).sum((2, 3)).max() > CORE * LEAST_SHEET**2
    covers = torch.cat([inked.mean(3), inked.mean(2)], 1)  # (N, 2, 64)
    return thick | (torch.maximum(covers[..., :1], covers[..., -1:]).max() > BORDER_COVER)


def core(inked: Tensor) -> Tensor:
    """Keep only cells with ink all around."""
    return 1 - max_pool2d(1 - inked, 5, 1, 2)


def box(inked: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and far edge of the rows and columns that are covered about as well as any: (N, 2, 1) each."""
    cover = torch.cat([inked.sum(3), inked.sum(2)], 1)  # (N, 2, 64)
    within = (cover > SHEET_COVER * cover.amax(2, keepdim=True)).to(inked.dtype)
    place = torch.arange(GRID, dtype=inked.dtype)
    high = (within * (place + 1)).amax(2, keepdim=True)
    return GRID - (within * (GRID - place)).amax(2, keepdim=True), high


def fills_corners(grid: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Return whether a part, (N, 64, 64), fills its box's corners, as a sheet does that lies a little askew: (N,)."""
    place = torch.arange(GRID, dtype=grid.dtype) + 0.5
    inset = CORNER * (high - low)  # (N, 2)
    near = torch.stack([low + inset, high - inset], 2).unsqueeze(3)  # (N, 2, 2, 1)
    at = ((place - near).abs() < 1.5).to(grid.dtype)  # (N, 2, 2, 64)
    filled = torch.matmul(torch.matmul(at[:, 0], grid), at[:, 1].transpose(1, 2))  # (N, 2, 2)
    full = at[:, 0].sum(2).unsqueeze(2) * at[:, 1].sum(2).unsqueeze(1)
    return (filled >= 0.99 * full).sum((1, 2)) >= 3  # the drawing may cover one


def strips(inked: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far strips along the edges reach: rows and columns that are inked from end to end."""
    cover = torch.cat([inked.mean(3), inked.mean(2)], 1)  # (N, 2, 64)
    both = torch.cat([cover, cover.flip(2)], 1)  # (N, 4, 64)
    at_edge = (both[..., :1] > BORDER_COVER).to(inked.dtype)
    place = torch.arange(GRID, dtype=inked.dtype)
    leading = torch.where(both > COVER, float(GRID), place).amin(2, keepdim=True)
    behind = (place >= leading) & (place < leading + 4)
    clear = (torch.where(behind, both, 1.0).amin(2, keepdim=True) < CLEAR).to(inked.dtype)
    depth = leading * at_edge * clear * (leading < GRID * MOST_STRIP).to(inked.dtype)
    return depth[:, :2], GRID - depth[:, 2:]
