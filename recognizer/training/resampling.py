"""Area resampling as two matrix products: the weights of one axis, and their use."""

import torch
from torch import Tensor


def overlap(start: Tensor, step: Tensor, cells: int, length: int) -> Tensor:
    """Weights (N, cells, length): how much of each of `length` pixels lies in each cell.

    start, step: (N, 1), px: cell k covers [start + k · step, start + (k + 1) · step]. A cell narrower than a pixel
    looks one pixel wide, which makes enlarging linear interpolation. Rows sum to 1 wholly inside, to less outside.
    """
    middle = start + (torch.arange(cells, dtype=start.dtype) + 0.5) * step  # (N, cells)
    half = (step / 2).clamp(min=0.5)  # (N, 1)
    low, high = (middle - half).unsqueeze(2), (middle + half).unsqueeze(2)  # (N, cells, 1)
    pixel = torch.arange(length, dtype=start.dtype)  # (length,)
    shared = torch.minimum(high, pixel + 1) - torch.maximum(low, pixel)
    return shared.clamp(min=0) / (2 * half).unsqueeze(2)


def whole(cells: int, length: int) -> Tensor:
    """Weights (cells, length) of a picture's whole axis, each row summing to 1."""
    step = torch.full((1, 1), 1.0) * length / cells
    weights = overlap(torch.zeros(1, 1), step, cells, length)[0]
    return weights / weights.sum(1, keepdim=True)


def resample(picture: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(N, H, W) by weights (…, h, H) and (…, w, W) → (N, h, w)."""
    return torch.matmul(torch.matmul(rows, picture), columns.transpose(-1, -2))
