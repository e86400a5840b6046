"""Area resampling by matrix products: weights for one axis, and their use. Sums of columns."""

import torch
from torch import Tensor

GRID = 64  # cells a side of the picture's rough copy


def overlap(start: Tensor, step: Tensor, cells: int, length: int) -> tuple[Tensor, Tensor]:
    """Return weights (…, cells, length), how much of each of `length` pixels lies in each cell, and their sum.

    start, step: (…, 1, 1), px: cell k covers [start + k · step, start + (k + 1) · step]. A cell narrower than a pixel
    counts as one pixel wide, which makes enlarging linear interpolation. The sum, (…, 1, 1), is that of a cell inside
    the picture: step, but at least 1. The weights of a cell partly outside sum to less.
    """
    width = step.clamp(min=1)
    middle = start + (torch.arange(cells, dtype=torch.float32) + 0.5)[:, None] * step  # (…, cells, 1)
    apart = (middle - (torch.arange(length, dtype=torch.float32) + 0.5)).abs()  # (…, cells, length)
    # How much a cell and a pixel overlap if their middles are this far apart.
    return ((width + 1) / 2 - apart).clamp(0, 1), width


def axis_weights(cells: int, length: int) -> Tensor:
    """Return weights (cells, length) that divide an axis of `length` pixels into cells, not normalised."""
    return overlap(torch.zeros(1, 1), torch.ones(1, 1) * (length / cells), cells, length)[0]


def resample(picture: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(N, C, H, W) by weights (…, h, H) and (…, w, W) → (N, C, h, w)."""
    return torch.matmul(torch.matmul(rows, picture), columns.transpose(-1, -2))


def weight_sums(rows: Tensor, columns: Tensor) -> Tensor:
    """Sum the weights of each cell: (…, h, H) and (…, w, W) → (…, h, w)."""
    return rows.sum(-1, keepdim=True) * columns.sum(-1).unsqueeze(-2)


def column_sums(cells: Tensor) -> Tensor:
    """(…, H, W) → (…, 1, W). A matrix product: onnxruntime rounds a sum over rows differently in other batches."""
    return torch.matmul(torch.ones(1, cells.shape[-2]), cells)
