"""The rule for stray marks, shared by both doors: a mark of little ink, far from the drawing, is not part of it."""

import torch
from torch import Tensor

STRAY_INK = 0.03  # a stray mark has less than this share of all ink …
STRAY_GAP = 0.15  # … and lies beyond a gap of more than this share of the drawing's longer side


def kept_range(occupied: Tensor, weight: Tensor, gap: Tensor | float) -> tuple[Tensor, Tensor]:
    """Return the drawing's first and last bin along each axis, without stray marks at either end.

    occupied (N, A, B): 1 if a bin holds ink, else 0, for each of an axis's B bins; weight (N, A, B): the ink in each
    bin; gap, a number or (N, A, 1): how many empty bins set a mark apart → two of (N, A, 1), whole numbers as float.
    """
    bins, axes = occupied.shape[2], occupied.shape[1]
    both_ways = torch.cat([occupied, occupied.flip(2)], 1)  # (N, 2A, B)
    starts = _start(
        both_ways, torch.cat([weight, weight.flip(2)], 1), gap if isinstance(gap, float) else gap.repeat(1, 2, 1)
    )
    return starts[:, :axes], bins - 1 - starts[:, axes:]


def _start(occupied: Tensor, weight: Tensor, gap: Tensor | float) -> Tensor:
    """Return the last bin that has only stray marks before it."""
    place = torch.arange(occupied.shape[2], dtype=weight.dtype)  # (B,)
    earlier = (place[:, None] > place).to(weight.dtype)  # (B, B): 1 where the column comes before the row
    previous = (occupied.unsqueeze(2) * (earlier * (place + 1))).amax(3) - 1  # (N, A, B): the last occupied bin before
    before = torch.matmul(weight, earlier.T)  # (N, A, B): the ink before each bin
    little = before < STRAY_INK * weight.sum(2, keepdim=True)
    apart = (previous < 0) | (place - previous > gap)
    return torch.where((occupied > 0) & little & apart, place, 0).amax(2, keepdim=True)
