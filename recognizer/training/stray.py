"""Stray marks: the one rule, for both doors, of what is too little and too far away to belong to the drawing."""

import torch
from torch import Tensor

STRAY_INK = 0.03  # a mark of less ink than this share of all …
STRAY_GAP = 0.15  # … beyond a gap of more than this share of the drawing's longer side


def kept_range(occupied: Tensor, weight: Tensor, gap_bins: Tensor | float | None = None) -> tuple[Tensor, Tensor]:
    """The drawing's first and last bin along one axis, stray marks at either end left out.

    occupied (N, B), 1 where a bin holds ink, else 0; weight (N, B), the ink in each; `gap_bins`, a number or
    (N, 1): how many empty bins set a mark apart, STRAY_GAP · B unless given → two of (N, 1) float.
    """
    bins = occupied.shape[1]
    gap = STRAY_GAP * bins if gap_bins is None else gap_bins
    first = _first(occupied, weight, gap)
    last = bins - 1 - _first(occupied.flip(1), weight.flip(1), gap)
    return first, last


def _first(occupied: Tensor, weight: Tensor, gap: Tensor | float) -> Tensor:
    place = torch.arange(occupied.shape[1], dtype=weight.dtype)  # (B,)
    earlier = (place[None, :] < place[:, None]).to(weight.dtype)  # (B, B): 1 where column precedes row
    before = torch.matmul(weight, earlier.T)  # (N, B): ink before each bin
    previous = (occupied.unsqueeze(1) * earlier * (place + 1)).amax(2) - 1  # (N, B): the last occupied bin before
    little = before <= STRAY_INK * weight.sum(1, keepdim=True)
    apart = (previous < 0) | (place - previous - 1 >= gap)
    starts = (occupied > 0) & little & apart
    return torch.where(starts, place, 0).amax(1, keepdim=True)
