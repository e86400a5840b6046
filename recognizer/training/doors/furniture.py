"""Tells the drawing's parts from boxes, lines, desks and pieces of neighbours. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from recognizer.training.doors.paper import GRID
from recognizer.training.doors.parts import Parts, find_parts

LINE = 0.8  # the least share of a line's or a box's cells that lie on long straight runs
ENCLOSED = 0.2  # of a box's longer side: what it encloses is at least this long
MAIN_INK = 0.05  # of the ink of all parts: less is no main part
LONGER = 1.25  # a line is longer than the drawing by this factor
FLAT = 0.25  # an underline's height over its width
UNDER = 0.5  # of the drawing's width: an underline's least width
PIECE = 0.75  # of the main part's size: a piece of a neighbour is at most so large
REMAINS = 0.63  # of the picture's side: shorter lines along an edge are left-overs of a cell


def find_furniture(ink: Tensor, inked: Tensor, cell_px: Tensor) -> Tensor:
    """Return 1 for cells that belong to furniture and its soft edge, else 0: (N, 1, 64, 64)."""
    parts = find_parts(ink, inked)
    gone = furniture(parts, cell_px)  # (N, 12)
    cells = (parts.cells * gone.unsqueeze(2)).amax(1).reshape(ink.shape)
    rest = inked * (1 - cells)
    near = max_pool2d(cells, 5, 1, 2) * (1 - max_pool2d(rest, 3, 1, 1))
    return torch.maximum(cells, near)


def furniture(parts: Parts, cell_px: Tensor) -> Tensor:
    """Return 1 for the parts that are not the drawing: (N, 12)."""
    px = cell_px.transpose(1, 2)  # (N, 1, 2)
    size = (parts.high - parts.low) * px  # (N, 12, 2)
    longer = size.amax(2)
    touches = torch.cat([parts.low < 1, parts.high > GRID - 1], 2).to(size.dtype)  # (N, 12, 4): top, left, bottom, right
    touched = touches.sum(2)
    real = (parts.ink > 0.02 * parts.ink.amax(1, keepdim=True)).to(size.dtype) * (parts.area > 0)
    straight = (parts.straight >= LINE).to(size.dtype)
    # part j within part i
    inside = ((parts.low.unsqueeze(1) > parts.low.unsqueeze(2)) & (parts.high.unsqueeze(1) < parts.high.unsqueeze(2))).all(3)
    encloses = inside & (longer.unsqueeze(1) > ENCLOSED * longer.unsqueeze(2)) & (real.unsqueeze(1) > 0)
    frame = encloses.any(2).to(size.dtype) * straight
    edge_line = straight * (touched > 0)
    candidate = real * (1 - frame) * (1 - 0.9 * edge_line) * (1 - 0.7 * (touched > 0)) * parts.ink
    main = torch.nn.functional.one_hot(candidate.argmax(1), candidate.shape[1]).to(size.dtype)  # (N, 12)
    pick = lambda value: (value * main).sum(1, keepdim=True)
    main_longer = pick(longer)
    main_low = (parts.low * main.unsqueeze(2)).sum(1, keepdim=True)
    main_high = (parts.high * main.unsqueeze(2)).sum(1, keepdim=True)
    main_touched = pick(touched)
    long_line = straight * (longer > LONGER * main_longer)
    edge = edge_line * (main_touched == 0) * (longer > 0.9 * main_longer)
    under = (parts.low[..., 0] > main_high[..., 0] - 1) & (size[..., 0] < FLAT * size[..., 1]) & (
        size[..., 1] > UNDER * (main_high - main_low)[..., 1] * px[..., 1]
    )
    beside = (parts.low[..., 1] > main_high[..., 1]) | (parts.high[..., 1] < main_low[..., 1])
    piece = beside & (touched > 0) & (main_touched == 0) & (size[..., 1] < PIECE * (main_high - main_low)[..., 1] * px[..., 1])
    gone = torch.maximum(torch.maximum(frame, long_line), torch.maximum(edge, (under | piece).to(size.dtype)))
    return gone * (1 - main)


SOLID = 0.7  # of its box: a sheet fills at least this much, with the drawing on it
LEAST_SHEET = 14  # cells: the least side of a sheet
BORDER_COVER = 0.97
COVER = 0.6
CLEAR = 0.1


def find_sheet(ink: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and far edge of the sheet's rows and columns: (N, 1, 64, 64) → (N, 2, 1) cells each."""
    inked = (ink > 0).to(ink.dtype)
    parts = find_parts(ink, inked)
    size = parts.high - parts.low  # (N, 12, 2)
    core = 1 - max_pool2d(1 - inked, 7, 1, 3)  # what a square of 7 cells fits into
    thick = torch.matmul(parts.cells, core.flatten(1).unsqueeze(2)).squeeze(2)
    full = size.prod(2)
    solid = (parts.area > SOLID * full) & (thick > 0.3 * full) & (size.amin(2) >= LEAST_SHEET)
    solid = solid & (parts.area < 0.98 * full) & ((parts.low > 0) | (parts.high < GRID)).any(2)
    score = solid.to(ink.dtype) * full
    best = torch.nn.functional.one_hot(score.argmax(1), score.shape[1]).to(ink.dtype).unsqueeze(2)
    found = (score.amax(1, keepdim=True) > 0).to(ink.dtype).unsqueeze(2)
    low = (parts.low * best).sum(1, keepdim=True).transpose(1, 2) + 0.5
    high = (parts.high * best).sum(1, keepdim=True).transpose(1, 2) - 0.5
    strips_low, strips_high = strips(inked)
    low = low * found + strips_low * (1 - found)
    high = high * found + strips_high * (1 - found)
    return low, high


def strips(inked: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far strips along the edges reach: rows and columns that are inked from end to end."""
    cover = torch.cat([inked.mean(3), inked.mean(2)], 1)  # (N, 2, 64)
    both = torch.cat([cover, cover.flip(2)], 1)  # (N, 4, 64)
    at_edge = (both[..., :1] > BORDER_COVER).to(inked.dtype)
    covered = (both > COVER).to(inked.dtype)
    leading = torch.cumprod(covered, 2).sum(2, keepdim=True) if False else first_gap(covered)
    place = torch.arange(GRID, dtype=inked.dtype)
    # the rows just behind the strip are nearly clear
    behind = ((place >= leading) & (place < leading + 4)).to(inked.dtype)
    clear = (torch.where(behind > 0, both, 1.0).amin(2, keepdim=True) < CLEAR).to(inked.dtype)
    depth = leading * at_edge * clear * (leading < GRID * 0.45).to(inked.dtype)
    low, high = depth[:, :2], GRID - depth[:, 2:]
    return low, high


def first_gap(covered: Tensor) -> Tensor:
    place = torch.arange(GRID, dtype=covered.dtype)
    return torch.where(covered > 0, float(GRID), place).amin(2, keepdim=True)
