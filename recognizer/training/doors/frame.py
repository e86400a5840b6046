"""Finds the drawing in a picture, without the frame around it, specks and stray marks. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from recognizer.training.doors.paper import GRID, strongest
from recognizer.training.doors.resampling import column_sums, resample
from recognizer.training.doors.stray import STRAY_GAP, kept_range

FRAME_GRID = 32  # cells a side of the grid on which frames are followed
SWEEPS = 3  # along rows and columns; two follow a straight frame all around, a crooked one needs more
AROUND = 9  # cells a side of the square around a cell that tells a line from a speck
LEAST_AROUND = 0.15  # of the ink in the inkiest squares; a line's end has half of a line's ink, a speck far less
DRAWING_ROWS = 4  # cells: the least height of a drawing that is left without the frame


def find_drawing(ink: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Find the drawing's cells and its edges.

    ink (N, 1, 64, 64): of each cell, 0 for none; cell_px (2, 1): a cell's height and width → the cells of the drawing,
    (N, 1, 64, 64) of 0 or 1, and the low and the high edge of its rows and columns in cells, (N, 2, 1) each.
    """
    inked = (ink > 0).to(ink.dtype)
    frame = frame_around(max_pool2d(inked, GRID // FRAME_GRID))
    frame = resample(frame, doubling_weights(), doubling_weights())  # (N, 1, 64, 64)
    ink = ink * (1 - frame)
    inked = remove_specks(ink)
    low, high = drawing_edges(inked, ink * inked, cell_px)
    place = torch.arange(GRID, dtype=ink.dtype) + 0.5
    within = ((place > low - 1) & (place < high + 1)).to(ink.dtype)  # (N, 2, 64), with the line's soft edge
    rows, columns = within.split(1, 1)
    rim = max_pool2d(frame, 3, 1, 1) * (1 - inked)  # the frame's soft edge
    return rows.unsqueeze(3) * columns.unsqueeze(2) * (1 - rim), low, high


def doubling_weights() -> Tensor:
    """Return weights (64, 32): each cell of the frame grid becomes two cells of the rough copy."""
    cells = torch.arange(GRID)[:, None] // (GRID // FRAME_GRID)
    return (cells == torch.arange(FRAME_GRID)).to(torch.float32)


def frame_around(inked: Tensor) -> Tensor:
    """Return the cells of ink that touches two edges or more, if a drawing is left without it: (N, 1, 32, 32), 0 or 1.

    Following frames is a tenth of the door's work, so it is skipped if no picture has ink at its edges.
    """
    has_ink_at_edges = (inked * edges().amax(2)).max() > 0
    return torch.cond(has_ink_at_edges, follow_frame, torch.zeros_like, (inked,))  # type: ignore[no-any-return]


def follow_frame(inked: Tensor) -> Tensor:
    """Do the work of `frame_around`, wherever the ink lies."""
    touched = (touched_edges(inked) > 0).to(inked.dtype)
    frame = (touched.sum(3) > 1.5).to(inked.dtype).unsqueeze(1)
    rest = inked * (1 - frame)
    rows_left = rest.amax(3, keepdim=True).sum(2, keepdim=True)  # (N, 1, 1, 1)
    # Ink that touches the frame shows that the frame was not followed to its end.
    touching = (max_pool2d(frame, 3, 1, 1) * rest).amax((2, 3), keepdim=True)
    return frame * ((rows_left >= DRAWING_ROWS) & (touching == 0)).to(inked.dtype)


def touched_edges(inked: Tensor) -> Tensor:
    """(N, 1, 32, 32) → (N, 32, 32, 4): more than 0 for each of the four edges that an inked cell is connected to."""
    inked = inked.squeeze(1)
    in_row, in_column = same_run(inked), same_run(inked.transpose(1, 2))
    touched = edges() * inked.unsqueeze(3)  # (N, 32, 32, 4)
    for _ in range(SWEEPS):
        touched = torch.matmul(in_column, torch.matmul(in_row, touched).transpose(1, 2)).transpose(1, 2)
    return touched


def edges() -> Tensor:
    """Return (32, 32, 4): 1 if a cell lies at the upper, lower, left or right edge, else 0."""
    place = torch.arange(FRAME_GRID)
    row, column = place[:, None].expand(FRAME_GRID, FRAME_GRID), place[None, :].expand(FRAME_GRID, FRAME_GRID)
    at = [row == 0, row == FRAME_GRID - 1, column == 0, column == FRAME_GRID - 1]
    return torch.stack(at, 2).to(torch.float32)


def same_run(inked: Tensor) -> Tensor:
    """(N, 32, 32) → (N, 32, 32, 32) [row, i, j]: 1 if cell i is inked and no gap separates it from cell j, else 0."""
    gaps = torch.cumsum(1 - inked, 2)
    return ((gaps + 1) * inked - 1).unsqueeze(3).eq(gaps.unsqueeze(2)).to(inked.dtype)


def remove_specks(ink: Tensor) -> Tensor:
    """Return the inked cells, (N, 1, 64, 64) of 0 or 1, except those with far less ink around them than others."""
    around = avg_pool2d(ink.clamp(max=1), AROUND, stride=1, padding=AROUND // 2)
    return ((ink > 0) & (around > LEAST_AROUND * strongest(around))).to(ink.dtype)


def drawing_edges(inked: Tensor, weight: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor]:
    """Return the low and the high edge of the rows and columns, without stray marks, in cells: (N, 2, 1) each."""
    occupied = torch.cat([inked.amax(3), inked.amax(2)], 1)  # (N, 2, 64): rows, columns
    gap = STRAY_GAP * (bins_covered(occupied) * cell_px).amax(1, keepdim=True) / cell_px
    first, last = kept_range(occupied, torch.cat([weight.sum(3), column_sums(weight).squeeze(2)], 1), gap)
    return first, last + 1


def bins_covered(occupied: Tensor) -> Tensor:
    """Count the bins from the first to the last occupied one: (N, 2, B) → (N, 2, 1)."""
    place = torch.arange(GRID, dtype=occupied.dtype)
    last = (occupied * (place + 1)).amax(2, keepdim=True)
    first = GRID - (occupied * (GRID - place)).amax(2, keepdim=True)
    return (last - first).clamp(min=0)
