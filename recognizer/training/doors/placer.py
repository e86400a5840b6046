"""The second half of the pixels door in torch: clean ink → the picture that the network sees.

Exported to `recognizer/doors/placer.onnx`. It finds the box of the ink without specks and stray marks, reads it in all
detail, and brings it to the standard size, pen and place. It knows neither paper nor frames: see `cleaner.py`.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, pad

from recognizer.training.doors.box import find_box
from recognizer.training.doors.paper import invert_where, least_ink
from recognizer.training.doors.resampling import GRID, axis_weights, column_sums, overlap, resample, weight_sums
from recognizer.training.doors.strokes import BOX_PX, SIDE_PX

FINE = 3  # the working picture has 3 × 3 cells for each pixel of the final one
FINE_SIDE = SIDE_PX * FINE
FINE_BOX = BOX_PX * FINE
PEN_RANGE = (1.8 / BOX_PX, 3.6 / BOX_PX)  # of the longer side; MNIST's pens: 5 % below 1.6 px, 5 % above 3.6
FULL_INK = 0.8  # of typical ink, counts as full: lines that fall between the pixels of a small picture stay whole
MOST_CHANGE = 4  # cells by which a pen may be widened or narrowed on each side
EDGE_INK = 0.15  # a row or column belongs to the drawing from this much ink on
DOT_SIDE = 0.14  # of the picture's longer side: a drawing smaller than this is a dot …
DOT_PEN = 0.36  # … if its pen is wider than this share of it; a disc's is a half, a short thick 1's is 0.3
TOE = 0.1  # the least share of the contrast that is cut off as noise of the paper, …
MOST_TOE = 0.5  # … and the most
NOISE_PEAK = 7.5  # three deviations of normal noise over the mean of its positive part
TINY = 1e-6


class PlacerGraph(nn.Module):
    """(N, H, W) float32, 0 paper, about 1 ink → (N, 1, 28, 28) float32 in [0, 1], light ink on dark; all 0 if blank.

    Also returns where that picture lies in the given one: (N, 3), its left, top and side, px.
    """

    def forward(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        clean = clean.unsqueeze(1)  # (N, 1, H, W)
        rows, columns = axis_weights(GRID, clean.shape[2]), axis_weights(GRID, clean.shape[3])
        unit = torch.ones(1, 1)
        cell_px = torch.cat([unit * clean.shape[2], unit * clean.shape[3]]) / GRID  # height and width
        cell_px = cell_px.unsqueeze(0)  # (1, 2, 1)
        low, high = find_box(resample(clean, rows, columns) / weight_sums(rows, columns), cell_px)
        ink, start, step = enlarge(clean, low, high, cell_px)
        small = ((high - low) * cell_px).amax(1) < DOT_SIDE * cell_px.amax(1) * GRID  # (N, 1)
        picture, first, side = centre_ink(standardise_pen(ink, small[:, :, None, None].to(ink.dtype)))
        top_left = start + first * step  # (N, 2, 1) px: rows, columns
        return picture, torch.cat([top_left[:, 1], top_left[:, 0], (SIDE_PX * step * side).squeeze(2)], 1)


def enlarge(clean: Tensor, low: Tensor, high: Tensor, cell_px: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Enlarge the drawing to a longer side of 60 cells or a little less, in the middle: ink in [0, 1], (N, 1, 84, 84).

    Also returns the first cell's near edge, (N, 2, 1), and the cells' side, (N, 1, 1), px.

    Single pixels, or means of several, are brought to full contrast first, and interpolated afterwards.
    low and high (N, 2, 1): the drawing's edges in the cells of the rough copy, rows and columns; cell_px (1, 2, 1):
    the height and width of those cells.
    """
    step = ((high - low) * cell_px).amax(1, keepdim=True) / FINE_BOX  # (N, 1, 1) px
    start = (low + high) / 2 * cell_px - step * (FINE_SIDE / 2)  # (N, 2, 1) px
    sampled = step.clamp(min=1)  # px: the side of a cell that is brought to full contrast
    first = start - (sampled - step) * (FINE_SIDE / 2)
    first = torch.where(step < 1, torch.floor(first), first)
    ink = ink_within(clean, low, high, first, sampled, cell_px)
    between, _ = overlap(((start - first) / sampled).unsqueeze(3), (step / sampled).unsqueeze(3), FINE_SIDE, FINE_SIDE)
    rows, columns = between.split(1, 1)
    return resample(ink, rows, columns), start, step


def ink_within(clean: Tensor, low: Tensor, high: Tensor, start: Tensor, step: Tensor, cell_px: Tensor) -> Tensor:
    """Return the ink in [0, 1] of 84 × 84 cells. start (N, 2, 1), step (N, 1, 1): px; the others as in `enlarge`."""
    rows, width = overlap(start[:, :1, None], step.unsqueeze(1), FINE_SIDE, clean.shape[2])  # (N, 1, 84, H)
    columns, _ = overlap(start[:, 1:, None], step.unsqueeze(1), FINE_SIDE, clean.shape[3])
    area = width * width
    shown = weight_sums(rows, columns) / area  # how much of each cell the picture covers
    middle = (start + (torch.arange(FINE_SIDE, dtype=clean.dtype) + 0.5) * step) / cell_px  # (N, 2, 84)
    within = ((middle > low - 1) & (middle < high + 1)).to(clean.dtype)  # with the line's soft edge
    kept = within[:, :1].unsqueeze(3) * within[:, 1:].unsqueeze(2)  # (N, 1, 84, 84)
    return full_contrast((resample(clean, rows, columns) / area).clamp(min=0) * kept, shown, cell_px)


def full_contrast(ink: Tensor, shown: Tensor, cell_px: Tensor) -> Tensor:
    """Bring ink to [0, 1]: typical ink becomes 1, the paper's noise 0.

    ink, shown (N, 1, L, L); shown: how much of each cell the picture covers; cell_px: as in `least_ink`.
    """
    inked = (ink > least_ink(cell_px)).to(ink.dtype)
    deep = ink * inked
    typical = (deep * deep).sum((2, 3), keepdim=True) / deep.sum((2, 3), keepdim=True).clamp(min=TINY)
    ink = ink / typical.clamp(min=TINY) * (typical > 0).to(ink.dtype)
    return cut_toe(ink, inked, shown - inked).clamp(max=1)


def cut_toe(ink: Tensor, inked: Tensor, bare: Tensor) -> Tensor:
    """Cut off the noise of bare paper. Full contrast stays full contrast."""
    speckle = (ink - ink * inked).sum((2, 3), keepdim=True) / bare.sum((2, 3), keepdim=True).clamp(min=1)
    toe = (NOISE_PEAK * speckle).clamp(TOE, MOST_TOE)
    return ((ink - toe) / (1 - toe)).clamp(min=0)


def box_edges(ink: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1, L, L) → the first and last edge of its rows and columns, (N, 2, 1). Partly inked edges count in part."""
    most = torch.cat([ink.amax(3), ink.amax(2)], 1)  # (N, 2, L)
    length = most.shape[2]
    place = torch.arange(length, dtype=most.dtype)
    inked = most > EDGE_INK
    low = torch.where(inked, place + 1 - most, length).amin(2, keepdim=True)
    high = torch.where(inked, place + most, 0).amax(2, keepdim=True)
    return low, torch.maximum(high, low)


def longer_side(ink: Tensor) -> Tensor:
    """(N, 1, L, L) → (N, 1, 1, 1) cells."""
    low, high = box_edges(ink)
    return (high - low).amax(1, keepdim=True).clamp(min=TINY).unsqueeze(3)


def standardise_pen(ink: Tensor, small: Tensor) -> Tensor:
    """Widen or narrow a pen outside the usual range. A dot vanishes.

    small: (N, 1, 1, 1), 1 if the drawing is so small that it is a dot if the pen did not move.
    """
    typical = (ink * ink).sum((2, 3), keepdim=True) / ink.sum((2, 3), keepdim=True).clamp(min=TINY)
    ink = (ink / (FULL_INK * typical).clamp(min=0.1)).clamp(max=1)
    pen, longer = pen_width(ink), longer_side(ink)  # (N, 1, 1, 1) cells
    dot = small * (pen > DOT_PEN * longer).to(ink.dtype)
    change = torch.minimum(torch.maximum(pen, PEN_RANGE[0] * longer), PEN_RANGE[1] * longer) - pen
    narrows = (change < 0).to(ink.dtype)
    change = change.abs() / 2
    changed = widen_in_part(invert_where(narrows, ink), change, 0)  # narrower ink is wider paper
    changed = torch.cond(change.max() > 1, widen_further, leave_unchanged, (changed, change))
    return invert_where(narrows, changed) * (1 - dot)


def widen_in_part(picture: Tensor, change: Tensor, step: int) -> Tensor:
    """Widen by a cell on each side, or by less if less is left of `change`, (N, 1, 1, 1) cells, after `step` cells."""
    return picture + (widen(picture, step) - picture) * (change - step).clamp(0, 1)


def widen_further(picture: Tensor, change: Tensor) -> Tensor:
    """Take all steps after the first. Few pens need them."""
    for step in range(1, MOST_CHANGE):
        picture = widen_in_part(picture, change, step)
    return picture


def leave_unchanged(picture: Tensor, change: Tensor) -> Tensor:
    return picture.clone()


def widen(picture: Tensor, step: int) -> Tensor:
    """Widen by a cell on each side, by a cross and a square in turn, which together come near a round pen."""
    if step % 2 == 1:
        return max_pool2d(picture, 3, 1, 1)
    return torch.maximum(max_pool2d(picture, (3, 1), 1, (1, 0)), max_pool2d(picture, (1, 3), 1, (0, 1)))


def pen_width(ink: Tensor) -> Tensor:
    """Return 2 · ink / total variation, the width of a line of any shape: (N, 1, L, L) → (N, 1, 1, 1) cells."""
    around = pad(ink, (1, 1, 1, 1))
    here = around[..., :-1, :-1]
    across, down = around[..., :-1, 1:] - here, around[..., 1:, :-1] - here
    variation = torch.sqrt(across * across + down * down).sum((2, 3), keepdim=True)
    return 2 * ink.sum((2, 3), keepdim=True) / variation.clamp(min=TINY)


def centre_ink(ink: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Scale the longer side to 20 px and move the mass to the middle: (N, 1, 84, 84) → (N, 1, 28, 28).

    Also returns the first pixel's near edge, (N, 2, 1), and the pixels' side, (N, 1, 1), in cells.
    """
    step = longer_side(ink) / BOX_PX  # (N, 1, 1, 1) cells
    start = mass_centre(ink).unsqueeze(3) - step * (SIDE_PX / 2)  # (N, 2, 1, 1)
    weights, width = overlap(start, step, SIDE_PX, FINE_SIDE)
    rows, columns = weights.split(1, 1)
    return (resample(ink, rows, columns) / (width * width)).clamp(0, 1), start.squeeze(3), step.squeeze(3)


def mass_centre(ink: Tensor) -> Tensor:
    """(N, 1, L, L) → (N, 2, 1), rows and columns, in cells from the first cell's near edge."""
    profile = torch.cat([ink.sum(3), column_sums(ink).squeeze(2)], 1)  # (N, 2, L)
    place = torch.arange(profile.shape[2], dtype=profile.dtype) + 0.5
    return (profile * place).sum(2, keepdim=True) / profile.sum(2, keepdim=True).clamp(min=TINY)
