"""Stray marks: the one rule, for both doors, of what is too little and too far away to belong to the drawing."""

import torch
from torch import Tensor

STRAY_INK = 0.03  # a mark of less ink than this share of all …
STRAY_GAP = 0.15  # … beyond a gap of more than this share of the drawing's longer side


def kept_range(occupied: Tensor, weight: Tensor, gap: Tensor | float) -> tuple[Tensor, Tensor]:
    """The drawing's first and last bin along its axes, stray marks at either end left out.

    occupied (N, A, B), 1 where one of an axis' B bins holds ink, else 0; weight (N, A, B), the ink in each; gap, a
    number or (N, A, 1): how many empty bins set a mark apart → two of (N, A, 1), whole numbers as float.
    """
    bins, axes = occupied.shape[2], occupied.shape[1]
    both_ways = torch.cat([occupied, occupied.flip(2)], 1)  # (N, 2A, B)
    starts = _start(
        both_ways, torch.cat([weight, weight.flip(2)], 1), gap if isinstance(gap, float) else gap.repeat(1, 2, 1)
    )
    return starts[:, :axes], bins - 1 - starts[:, axes:]


def _start(occupied: Tensor, weight: Tensor, gap: Tensor | float) -> Tensor:
    """The last bin that only stray marks precede."""
    place = torch.arange(occupied.shape[2], dtype=weight.dtype)  # (B,)
    earlier = (place[:, None] > place).to(weight.dtype)  # (B, B): 1 where the column comes before the row
    previous = (occupied.unsqueeze(2) * (earlier * (place + 1))).amax(3) - 1  # (N, A, B): the last occupied bin before
    before = torch.matmul(weight, earlier.T)  # (N, A, B): the ink before each bin
    little = before < STRAY_INK * weight.sum(2, keepdim=True)
    apart = (previous < 0) | (place - previous > gap)
    return torch.where((occupied > 0) & little & apart, place, 0).amax(2, keepdim=True)
