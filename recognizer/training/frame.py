"""What in a picture is the drawing: not the frame around it, not a stray mark. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from recognizer.training.resampling import resample
from recognizer.training.stray import STRAY_GAP, kept_range

GRID = 64  # cells a side
CELL_INK = 0.03  # a cell of more ink than this is inked: a 1 px line in a picture of 1,024 px covers 1/16 of a cell
FRAME_GRID = 32  # cells a side for following frames
SWEEPS = 3  # a straight frame is followed all around in two sweeps along its rows and columns; a crooked one needs more
DRAWING_ROWS = 4  # cells: what is left without the frame is a drawing if it is at least this high


def only_drawing(ink: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(N, H, W) and the weights of its rough copy, (64, H) and (64, W) → (N, H, W) without frames and stray marks."""
    height, width = ink.shape[1], ink.shape[2]
    share = resample(ink, rows, columns)  # (N, 64, 64)
    inked = (share > CELL_INK).to(ink.dtype)
    frame = frame_around(max_pool2d(inked, GRID // FRAME_GRID))
    frame = resample(frame, nearest(GRID, FRAME_GRID), nearest(GRID, FRAME_GRID))  # (N, 64, 64)
    inked = inked * (1 - frame)
    keep = without_stray_marks(inked, share * inked, height / width)
    keep = keep * (1 - max_pool2d(frame, 3, 1, 1) * (1 - inked))  # the frame's soft rim goes with it
    return ink * resample(keep, nearest(height, GRID), nearest(width, GRID))


def frame_around(inked: Tensor) -> Tensor:
    """Cells of what touches two edges or more, (N, 32, 32), if a drawing is left without it; else none."""
    frame = (touched_edges(inked).sum(3) > 1.5).to(inked.dtype)
    rest = inked * (1 - frame)
    rows_left = rest.amax(2).sum(1)[:, None, None]  # (N, 1, 1)
    touching = (max_pool2d(frame, 3, 1, 1) * rest).amax((1, 2), keepdim=True)  # the frame was not followed to its end
    return frame * ((rows_left >= DRAWING_ROWS) & (touching == 0)).to(inked.dtype)


def touched_edges(inked: Tensor) -> Tensor:
    """Which of the four edges each inked cell is connected to, 0 or 1: (N, 32, 32) → (N, 32, 32, 4)."""
    place = torch.arange(FRAME_GRID)
    row, column = place[:, None].expand(FRAME_GRID, FRAME_GRID), place[None, :].expand(FRAME_GRID, FRAME_GRID)
    edges = torch.stack([row == 0, row == FRAME_GRID - 1, column == 0, column == FRAME_GRID - 1], 2).to(inked.dtype)
    upright = inked.transpose(1, 2)
    in_row, in_column = same_run(inked), same_run(upright)
    touched = edges * inked.unsqueeze(3)  # (N, 32, 32, 4)
    for _ in range(SWEEPS):
        touched = torch.matmul(in_row, touched).clamp(max=1)
        touched = torch.matmul(in_column, touched.transpose(1, 2)).clamp(max=1).transpose(1, 2)
    return touched


def same_run(inked: Tensor) -> Tensor:
    """(N, 32, 32) → (N, 32, 32, 32): 1 where two cells of a row are inked and no gap lies between them, else 0."""
    gaps = torch.cumsum(1 - inked, 2)
    unbroken = (gaps.unsqueeze(3) == gaps.unsqueeze(2)).to(inked.dtype)
    return unbroken * inked.unsqueeze(3) * inked.unsqueeze(2)


def without_stray_marks(inked: Tensor, weight: Tensor, aspect: float) -> Tensor:
    """Cells within the drawing's own rows and columns, (N, 64, 64); `aspect` is the picture's height over its width."""
    occupied = torch.stack([inked.amax(2), inked.amax(1)], 1)  # (N, 2, 64): rows, columns
    covered = bins_covered(occupied)  # (N, 2, 1)
    sides = torch.tensor([[1.0], [0.0]]) * aspect + torch.tensor([[0.0], [1.0]])  # (2, 1): in cells' widths
    gap = STRAY_GAP * (covered * sides).amax(1, keepdim=True) / sides
    first, last = kept_range(occupied, torch.stack([weight.sum(2), weight.sum(1)], 1), gap)
    place = torch.arange(GRID, dtype=inked.dtype)
    keep = ((place >= first) & (place <= last)).to(inked.dtype)  # (N, 2, 64)
    return keep[:, 0].unsqueeze(2) * keep[:, 1].unsqueeze(1)


def bins_covered(occupied: Tensor) -> Tensor:
    """From the first to the last occupied bin: (N, 2, B) → (N, 2, 1)."""
    place = torch.arange(GRID, dtype=occupied.dtype)
    last = (occupied * (place + 1)).amax(2, keepdim=True)
    first = GRID - (occupied * (GRID - place)).amax(2, keepdim=True)
    return (last - first).clamp(min=0)


def nearest(length: int, cells: int) -> Tensor:
    """Weights (length, cells): each pixel takes the value of the cell that its middle lies in."""
    place = torch.floor((torch.arange(length, dtype=torch.float32) + 0.5) * cells / length)
    return (place[:, None] == torch.arange(cells, dtype=torch.float32)).to(torch.float32)
