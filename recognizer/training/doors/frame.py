"""What in a picture is the drawing: not the frame around it, not speckle, not a stray mark. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from recognizer.training.doors.paper import GRID, strongest
from recognizer.training.doors.resampling import column_sums, resample
from recognizer.training.doors.stray import STRAY_GAP, kept_range

FRAME_GRID = 32  # cells a side for following frames
SWEEPS = 3  # a straight frame is followed all around in two sweeps along its rows and columns; a crooked one needs more
AROUND = 9  # cells a side of what is looked at to tell a line from a speck
LEAST_AROUND = 0.15  # of the ink around the most inky cells: a line's end has half of a line's, a speck far less
DRAWING_ROWS = 4  # cells: what is left without the frame is a drawing if it is at least this high


def drawing(ink: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Ink of each cell, (N, 1, 64, 64), 0 where there is none; cell_px (2, 1): its height and width.

    → which cells are the drawing's, without frames, specks and stray marks, (N, 1, 64, 64) of 0 or 1, and the edges of
    its rows and columns in cells, low and high, (N, 2, 1) each.
    """
    inked = (ink > 0).to(ink.dtype)
    frame = frame_around(max_pool2d(inked, GRID // FRAME_GRID))
    frame = resample(frame, repeated(), repeated())  # (N, 1, 64, 64)
    ink = ink * (1 - frame)
    inked = without_specks(ink)
    low, high = without_stray_marks(inked, ink * inked, cell_px)
    place = torch.arange(GRID, dtype=ink.dtype) + 0.5
    within = ((place > low - 1) & (place < high + 1)).to(ink.dtype)  # (N, 2, 64); a line's soft edge belongs to it
    rows, columns = within.split(1, 1)
    rim = max_pool2d(frame, 3, 1, 1) * (1 - inked)  # the frame's soft rim goes with it
    return rows.unsqueeze(3) * columns.unsqueeze(2) * (1 - rim), low, high


def repeated() -> Tensor:
    """Weights (64, 32): each cell of the frames' grid is two of the rough copy."""
    cells = torch.arange(GRID)[:, None] // (GRID // FRAME_GRID)
    return (cells == torch.arange(FRAME_GRID)).to(torch.float32)


def frame_around(inked: Tensor) -> Tensor:
    """Cells of what touches two edges or more, (N, 1, 32, 32), if a drawing is left without it; else none.

    Following frames is a tenth of the door's work, so it is left out where no picture has ink at its edges.
    """
    return torch.cond((inked * edges().amax(2)).max() > 0, followed, torch.zeros_like, (inked,))  # type: ignore[no-any-return]


def followed(inked: Tensor) -> Tensor:
    """`frame_around`, wherever the ink lies."""
    touched = (touched_edges(inked) > 0).to(inked.dtype)
    frame = (touched.sum(3) > 1.5).to(inked.dtype).unsqueeze(1)
    rest = inked * (1 - frame)
    rows_left = rest.amax(3, keepdim=True).sum(2, keepdim=True)  # (N, 1, 1, 1)
    touching = (max_pool2d(frame, 3, 1, 1) * rest).amax((2, 3), keepdim=True)  # the frame was not followed to its end
    return frame * ((rows_left >= DRAWING_ROWS) & (touching == 0)).to(inked.dtype)


def touched_edges(inked: Tensor) -> Tensor:
    """Which of the four edges each inked cell is connected to, 0 or more: (N, 1, 32, 32) → (N, 32, 32, 4)."""
    inked = inked.squeeze(1)
    in_row, in_column = same_run(inked), same_run(inked.transpose(1, 2))
    touched = edges() * inked.unsqueeze(3)  # (N, 32, 32, 4)
    for _ in range(SWEEPS):
        touched = torch.matmul(in_column, torch.matmul(in_row, touched).transpose(1, 2)).transpose(1, 2)
    return touched


def edges() -> Tensor:
    """(32, 32, 4): 1 where a cell lies at the upper, lower, left and right edge, else 0."""
    place = torch.arange(FRAME_GRID)
    row, column = place[:, None].expand(FRAME_GRID, FRAME_GRID), place[None, :].expand(FRAME_GRID, FRAME_GRID)
    at = [row == 0, row == FRAME_GRID - 1, column == 0, column == FRAME_GRID - 1]
    return torch.stack(at, 2).to(torch.float32)


def same_run(inked: Tensor) -> Tensor:
    """(N, 32, 32) → (N, 32, 32, 32): 1 where a row's first cell is inked and no gap lies before the other, else 0."""
    gaps = torch.cumsum(1 - inked, 2)
    return ((gaps + 1) * inked - 1).unsqueeze(3).eq(gaps.unsqueeze(2)).to(inked.dtype)


def without_specks(ink: Tensor) -> Tensor:
    """Cells with ink, (N, 1, 64, 64) of 0 or 1, but for those with far less ink around them than others have."""
    around = avg_pool2d(ink.clamp(max=1), AROUND, stride=1, padding=AROUND // 2)
    return ((ink > 0) & (around > LEAST_AROUND * strongest(around))).to(ink.dtype)


def without_stray_marks(inked: Tensor, weight: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor]:
    """The drawing's edges in cells, low and high, (N, 2, 1) each."""
    occupied = torch.cat([inked.amax(3), inked.amax(2)], 1)  # (N, 2, 64): rows, columns
    gap = STRAY_GAP * (bins_covered(occupied) * cell_px).amax(1, keepdim=True) / cell_px
    first, last = kept_range(occupied, torch.cat([weight.sum(3), column_sums(weight).squeeze(2)], 1), gap)
    return first, last + 1


def bins_covered(occupied: Tensor) -> Tensor:
    """From the first to the last occupied bin: (N, 2, B) → (N, 2, 1)."""
    place = torch.arange(GRID, dtype=occupied.dtype)
    last = (occupied * (place + 1)).amax(2, keepdim=True)
    first = GRID - (occupied * (GRID - place)).amax(2, keepdim=True)
    return (last - first).clamp(min=0)
