"""Finds the box of a drawing on a rough copy of its ink, without specks and stray marks. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from recognizer.training.doors.paper import least_ink, strongest
from recognizer.training.doors.resampling import GRID, column_sums
from recognizer.training.doors.stray import STRAY_GAP, kept_range

AROUND = 9  # cells a side of the square around a cell that tells a line from a speck
LEAST_AROUND = 0.15  # of the ink in the inkiest squares; a line's end has half of a line's ink, a speck far less


def find_box(ink: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor]:
    """Return the low and the high edge of the drawing's rows and columns in cells, (N, 2, 1) each.

    ink (N, 1, 64, 64): 0 paper, about 1 ink; cell_px (1, 2, 1): a cell's height and width.
    """
    ink = ink * (ink > least_ink(cell_px)).to(ink.dtype)
    inked = remove_specks(ink)
    return drawing_edges(inked, ink * inked, cell_px)


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
