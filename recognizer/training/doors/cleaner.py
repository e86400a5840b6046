"""The first half of the pixels door in torch: a gray picture → its ink, without paper, frames and noise.

Exported to `recognizer/doors/cleaner.onnx`. Training runs that file too, because it is faster. It looks at a rough copy
of the picture, of 64 × 64 cells: `paper.py` tells ink from paper, `window.py` finds the sheet that the drawing is on,
and `furniture.py` finds lines and boxes. Where it finds some, it looks again without them. At the end, each pixel is
converted to ink.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d

from recognizer.training.doors.furniture import find_furniture
from recognizer.training.doors.paper import LEAST_PAPER, Known, Sheet, invert_where, sheet_of
from recognizer.training.doors.resampling import GRID, overlap, resample
from recognizer.training.doors.window import find_window, may_have_window

NEAR = 2  # cells: pixels farther away from cells of ink are paper, however dark
SHOWN = 0.4  # of a pixel: if less of it lies in the window, it is outside
TINY = 1e-6


class CleanerGraph(nn.Module):
    """(N, H, W) uint8, either polarity → (N, H, W) float32: 0 paper, about 1 ink; all 0 if nothing is readable.

    Ink is not limited to 1, and noise near the ink is left in, also below 0: `PlacerGraph` averages, then cuts off.
    several: for a line of writing, in which an upright line may be a 1.
    """

    def __init__(self, *, several: bool = False) -> None:
        super().__init__()
        self.several = several

    def forward(self, picture: Tensor) -> Tensor:
        tone = picture.to(torch.float32).unsqueeze(1) / 255  # (N, 1, H, W)
        unit = torch.ones(1, 1, 1)
        sides = torch.cat([unit * tone.shape[2], unit * tone.shape[3]], 1).repeat(tone.shape[0], 1, 1)  # (N, 2, 1)
        start, step = torch.zeros_like(sides), sides / GRID  # px: the rough copy's first edge, and its cells' sides
        sheet = sheet_of(rough_copy(tone, start, step), tone.amin((2, 3), True), tone.amax((2, 3), True), step)
        # Few pictures need more than one look.
        if_needed = may_have_window(sheet.ink * sheet.readable)
        start, step, *found = torch.cond(if_needed, look_into_window, keep_view, (tone, start, step, *sheet))
        furniture, *found = without_furniture(tone, start, step, Sheet(*found), several=self.several)
        return to_clean_ink(tone, start, step, furniture, Sheet(*found)).squeeze(1)


def without_furniture(tone: Tensor, start: Tensor, step: Tensor, sheet: Sheet, *, several: bool) -> tuple[Tensor, ...]:
    """Find furniture, and if there is some, look again without it. Returns the furniture, and what else is there."""

    def look(looks: Tensor, furniture: Tensor, *before: Tensor) -> tuple[Tensor, ...]:
        seen = (tone, start, step, furniture, *before)
        sheet = Sheet(*torch.cond(looks > 0, look_past, keep_sheet, seen))
        found = find_furniture(sheet.ink * sheet.readable, step, several=several)
        more = found * torch.maximum((furniture.amax((1, 2, 3), True) > 0).to(found.dtype), 1 - looks)
        return looks + 1, torch.maximum(furniture, more), *(tensor.clone() for tensor in sheet)

    def is_needed(looks: Tensor, furniture: Tensor, *sheet: Tensor) -> Tensor:
        return (looks == 0) | ((looks == 1) & (furniture.max() > 0))

    _, *found = torch.while_loop(is_needed, look, (torch.zeros(()), torch.zeros_like(sheet.ink), *sheet))
    return tuple(found)


def look_into_window(tone: Tensor, start: Tensor, step: Tensor, *whole: Tensor) -> tuple[Tensor, ...]:
    """Look at the sheet alone. Returns the window's start and step, and what is on the sheet."""
    first = Sheet(*whole)
    low, high = find_window(first.ink * first.readable, step)  # (N, 2, 1) cells
    window_start, window_step = low * step, (high - low) * step / GRID
    smaller = (high - low < GRID).to(tone.dtype).amax(1, True).unsqueeze(3) > 0  # (N, 1, 1, 1)
    rough = rough_copy(tone, window_start, window_step)
    darkest, lightest = extremes(tone, window_start, window_step, torch.ones_like(rough))
    found = sheet_of(rough, darkest, lightest, window_step)
    used = smaller & (found.readable > 0)  # a blot seems to be a sheet with nothing on it
    here = used.squeeze(3)  # (N, 1, 1)
    window = torch.where(here, window_start, start), torch.where(here, window_step, step)
    return *window, *choose(used, found, first)


def keep_view(tone: Tensor, start: Tensor, step: Tensor, *sheet: Tensor) -> tuple[Tensor, ...]:
    return start.clone(), step.clone(), *(tensor.clone() for tensor in sheet)


def look_past(tone: Tensor, start: Tensor, step: Tensor, furniture: Tensor, *before: Tensor) -> tuple[Tensor, ...]:
    """Look at the sheet again without the furniture."""
    old = Sheet(*before)
    known = Known(old.ink_is_light, old.closed, furniture)
    new = sheet_of(rough_copy(tone, start, step), *extremes(tone, start, step, 1 - furniture), step, known)
    return choose(furniture.amax((1, 2, 3), True) > 0, new, old)


def choose(wanted: Tensor, new: Sheet, old: Sheet) -> tuple[Tensor, ...]:
    """Return the new sheet for the wanted pictures, the old one for the others in the batch."""
    return tuple(torch.where(wanted, *pair) for pair in zip(new, old, strict=True))


def keep_sheet(tone: Tensor, start: Tensor, step: Tensor, furniture: Tensor, *sheet: Tensor) -> tuple[Tensor, ...]:
    return tuple(tensor.clone() for tensor in sheet)


def extremes(tone: Tensor, start: Tensor, step: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
    """Return the darkest and the lightest tone of the pixels in cells that are 1: (N, 1, 1, 1) each."""
    kept = resample(cells, *pixel_weights(tone, start, step)) > 0.5
    return torch.where(kept, tone, 1.0).amin((2, 3), True), torch.where(kept, tone, 0.0).amax((2, 3), True)


def to_clean_ink(tone: Tensor, start: Tensor, step: Tensor, furniture: Tensor, sheet: Sheet) -> Tensor:
    """Convert each pixel to its distance from the paper's tone, as a share of the contrast: (N, 1, H, W).

    It is 0 on furniture and far from ink. What depends on cells alone is computed for cells, because pixels are many.
    """
    near = max_pool2d((sheet.ink > 0).to(tone.dtype), 2 * NEAR + 1, 1, NEAR) * (1 - furniture)
    share = near * sheet.readable / (sheet.contrast * sheet.paper.clamp(min=LEAST_PAPER))
    paper = invert_where(sheet.ink_is_light, sheet.paper)
    share = share * (1 - 2 * sheet.ink_is_light)
    rows, columns = pixel_weights(tone, start, step)
    clean: Tensor = (resample(paper, rows, columns) - tone) * resample(share, rows, columns)
    return clean


def rough_copy(tone: Tensor, start: Tensor, step: Tensor) -> Tensor:
    """Return the mean tones of 64 × 64 cells: (N, 1, H, W) → (N, 1, 64, 64). start, step (N, 2, 1): px."""
    weights = (
        window_weights(start[:, axis : axis + 1], step[:, axis : axis + 1], GRID, tone.shape[2 + axis])
        for axis in (0, 1)
    )
    rows, columns = (axis / axis.sum(-1, keepdim=True) for axis in weights)
    return resample(tone, rows, columns)


def pixel_weights(tone: Tensor, start: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
    """Return weights that give each pixel the mean of the cells that it covers, or a value between two: (N, 1, H, 64)
    for rows and (N, 1, W, 64) for columns. Pixels outside of the window become 0.
    """
    first, width = -start / step, 1 / step  # cells: the first pixel's edge, and the pixels' sides
    weights = (
        window_weights(first[:, axis : axis + 1], width[:, axis : axis + 1], tone.shape[2 + axis], GRID)
        for axis in (0, 1)
    )
    rows, columns = (
        axis / axis.sum(-1, keepdim=True).clamp(min=TINY) * (axis.sum(-1, keepdim=True) > SHOWN) for axis in weights
    )
    return rows, columns


def window_weights(start: Tensor, step: Tensor, cells: int, length: int) -> Tensor:
    """start, step (N, 1, 1) → (N, 1, cells, length), not normalised; see `overlap`."""
    return overlap(start.unsqueeze(1), step.unsqueeze(1), cells, length)[0]
