"""Area resampling as two matrix products: the weights of one axis, and their use. Sums of columns."""

import torch
from torch import Tensor


def overlap(start: Tensor, step: Tensor, cells: int, length: int) -> tuple[Tensor, Tensor]:
    """Weights (…, cells, length): how much of each of `length` pixels lies in each cell; their sum for a whole cell.

    start, step: (…, 1, 1), px: cell k covers [start + k · step, start + (k + 1) · step]. A cell narrower than a pixel
    looks one pixel wide, which makes enlarging linear interpolation. The sum, (…, 1, 1), is step, or 1 if that is more;
    a cell's own weights sum to less where it lies in part outside.
    """
    wide = step.clamp(min=1)
    middle = start + (torch.arange(cells, dtype=torch.float32) + 0.5)[:, None] * step  # (…, cells, 1)
    apart = (middle - (torch.arange(length, dtype=torch.float32) + 0.5)).abs()  # (…, cells, length)
    # What a cell and a pixel share if their middles lie this far apart.
    return ((wide + 1) / 2 - apart).clamp(0, 1), wide


def whole(cells: int, length: int) -> Tensor:
    """Weights (cells, length) of a picture's whole axis, not normalised."""
    return overlap(torch.zeros(1, 1), torch.ones(1, 1) * (length / cells), cells, length)[0]


def resample(picture: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(N, C, H, W) by weights (…, h, H) and (…, w, W) → (N, C, h, w)."""
    return torch.matmul(torch.matmul(rows, picture), columns.transpose(-1, -2))


def shares(rows: Tensor, columns: Tensor) -> Tensor:
    """What the weights of each cell sum to: (…, h, H) and (…, w, W) → (…, h, w)."""
    return rows.sum(-1, keepdim=True) * columns.sum(-1).unsqueeze(-2)


def column_sums(cells: Tensor) -> Tensor:
    """(…, H, W) → (…, 1, W). A product: how onnxruntime rounds a sum over rows depends on what else is in the batch."""
    return torch.matmul(torch.ones(1, cells.shape[-2]), cells)
