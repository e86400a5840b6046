"""Finds the frame around a drawing. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from recognizer.training.doors.paper import GRID
from recognizer.training.doors.resampling import resample

FRAME_GRID = 32  # cells a side of the grid on which frames are followed
SWEEPS = 3  # along rows and columns; two follow a straight frame all around, a crooked one needs more
DRAWING_ROWS = 4  # cells: the least height of a drawing that is left without the frame


def find_frame(ink: Tensor) -> Tensor:
    """Return 1 for cells of the frame and of its soft edge, else 0: (N, 1, 64, 64), ink → frame."""
    inked = (ink > 0).to(ink.dtype)
    frame = frame_around(max_pool2d(inked, GRID // FRAME_GRID))
    frame = resample(frame, doubling_weights(), doubling_weights())  # (N, 1, 64, 64)
    return torch.maximum(frame, max_pool2d(frame, 3, 1, 1) * (1 - inked))


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
