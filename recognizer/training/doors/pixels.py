"""The pixels door as torch code: a gray picture → the picture that the network sees. Knows nothing of files or weights.

Exported to `recognizer/doors/pixels.onnx`: training too runs that file, which is faster. On a rough copy of the picture
`paper.py` tells paper from ink and `frame.py` finds the drawing; this file then looks closely at the drawing's box
alone, and brings its ink to the standard box, pen and place.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, pad

from recognizer.training.doors.frame import drawing
from recognizer.training.doors.paper import GRID, Sheet, depth, full_contrast, sheet_of, turned
from recognizer.training.doors.resampling import column_sums, overlap, resample, shares, whole
from recognizer.training.doors.strokes import BOX_PX, SIDE_PX

FINE = 3  # the working picture has 3 × 3 cells for each pixel of the last one
FINE_SIDE = SIDE_PX * FINE
FINE_BOX = BOX_PX * FINE
PEN_RANGE = (1.8 / BOX_PX, 3.6 / BOX_PX)  # of the longer side; MNIST's 5th and 95th percentile are 1.6 and 3.6 px
FULL_INK = 0.8  # of the typical ink: lines that fall between the pixels of a small picture stay whole
MOST_CHANGE = 4  # cells a side
EDGE_INK = 0.15  # a row or column belongs to the drawing from this much ink on
DOT_SIDE = 0.14  # of the picture's longer side: a smaller drawing is a dot …
DOT_PEN = 0.36  # … if its pen is wider than this share of it; a disc's is a half, a short thick 1's is 0.3
TINY = 1e-6


class PixelsGraph(nn.Module):
    """(N, H, W) uint8, either polarity → (N, 1, 28, 28) float32 in [0, 1], light ink on dark; all 0 if blank.

    And where that picture lies in the one given: (N, 3), its left and upper edge and its side, px.
    """

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        tone = ink.to(torch.float32).unsqueeze(1)  # (N, 1, H, W), 0 to 255
        rows, columns = whole(GRID, tone.shape[2]), whole(GRID, tone.shape[3])
        one = torch.ones(1, 1)
        cell_px = torch.cat([one * tone.shape[2], one * tone.shape[3]]) / GRID  # (2, 1): height and width
        rough = resample(tone, rows, columns) / (shares(rows, columns) * 255)
        sheet = sheet_of(rough, tone.amin((2, 3), True) / 255, tone.amax((2, 3), True) / 255, cell_px)
        keep, low, high = drawing(sheet.ink, cell_px)
        ink, start, step = enlarged(tone, sheet, keep, low, high, cell_px)
        small = ((high - low) * cell_px).amax(1) < DOT_SIDE * cell_px.max() * GRID  # (N, 1)
        picture, first, wide = centred(standard_pen(ink, small[:, :, None, None].to(tone.dtype)))
        top_left = start + first * step  # (N, 2, 1) px: rows, columns
        return picture, torch.cat([top_left[:, 1], top_left[:, 0], (SIDE_PX * step * wide).squeeze(2)], 1)


def enlarged(
    tone: Tensor, sheet: Sheet, keep: Tensor, low: Tensor, high: Tensor, cell_px: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The drawing's box in the middle, its longer side 60 cells or a little less: ink in [0, 1], (N, 1, 84, 84).

    And the first cell's near edge, (N, 2, 1), and the cells' side, (N, 1, 1), px.

    Ink is judged pixel by pixel, or by the mean of several; what lies between pixels is interpolated afterwards.
    keep (N, 1, 64, 64): which cells of the rough copy are the drawing; low and high (N, 2, 1): its edges, rows and
    columns; cell_px (2, 1): the cells' height and width.
    """
    step = ((high - low) * cell_px).amax(1, keepdim=True) / FINE_BOX  # (N, 1, 1) px
    start = (low + high) / 2 * cell_px - step * (FINE_SIDE / 2)  # (N, 2, 1) px
    judged = step.clamp(min=1)  # px, of a cell that is judged
    first = start - (judged - step) * (FINE_SIDE / 2)
    first = torch.where(step < 1, torch.floor(first), first)
    ink = ink_at(tone, sheet, keep, first, judged, cell_px)
    between, _ = overlap(((start - first) / judged).unsqueeze(3), (step / judged).unsqueeze(3), FINE_SIDE, FINE_SIDE)
    rows, columns = between.split(1, 1)
    return resample(ink, rows, columns), start, step


def ink_at(tone: Tensor, sheet: Sheet, keep: Tensor, start: Tensor, step: Tensor, cell_px: Tensor) -> Tensor:
    """Ink in [0, 1] of 84 × 84 cells: start (N, 2, 1), step (N, 1, 1), px; the others as in `enlarged`."""
    rows, wide = overlap(start[:, :1, None], step.unsqueeze(1), FINE_SIDE, tone.shape[2])  # (N, 1, 84, H)
    columns, _ = overlap(start[:, 1:, None], step.unsqueeze(1), FINE_SIDE, tone.shape[3])
    area = wide * wide
    shown = shares(rows, columns) / area  # how much of each cell the picture covers
    light = turned(resample(tone, rows, columns) / (area * 255), sheet.ink_is_light, shown)
    near, wide = overlap((start / cell_px).unsqueeze(3), (step / cell_px).unsqueeze(3), FINE_SIDE, GRID)
    near_rows, near_columns = (near / wide).split(1, 1)  # (N, 1, 84, 64) each
    paper, kept = resample(torch.cat([sheet.paper, keep], 1), near_rows, near_columns).split(1, 1)
    return full_contrast(depth(paper, light, shown) * (kept > 0.5).to(tone.dtype), sheet, shown)


def box(ink: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1, L, L) → first and last edge of its rows and columns, (N, 2, 1); a partly inked edge counts in part."""
    most = torch.cat([ink.amax(3), ink.amax(2)], 1)  # (N, 2, L)
    length = most.shape[2]
    place = torch.arange(length, dtype=most.dtype)
    inked = most > EDGE_INK
    low = torch.where(inked, place + 1 - most, length).amin(2, keepdim=True)
    high = torch.where(inked, place + most, 0).amax(2, keepdim=True)
    return low, torch.maximum(high, low)


def longer_side(ink: Tensor) -> Tensor:
    """(N, 1, L, L) → (N, 1, 1, 1) cells."""
    low, high = box(ink)
    return (high - low).amax(1, keepdim=True).clamp(min=TINY).unsqueeze(3)


def standard_pen(ink: Tensor, small: Tensor) -> Tensor:
    """Grown or shrunk where the pen is thinner or thicker than the usual range; a dot vanishes.

    small: (N, 1, 1, 1), 1 where the drawing is so small that it is a dot if the pen did not move.
    """
    typical = (ink * ink).sum((2, 3), keepdim=True) / ink.sum((2, 3), keepdim=True).clamp(min=TINY)
    ink = (ink / (FULL_INK * typical).clamp(min=0.1)).clamp(max=1)
    pen, longer = pen_width(ink), longer_side(ink)  # (N, 1, 1, 1) cells
    dot = small * (pen > DOT_PEN * longer).to(ink.dtype)
    change = torch.minimum(torch.maximum(pen, PEN_RANGE[0] * longer), PEN_RANGE[1] * longer) - pen
    shrinks = (change < 0).to(ink.dtype)
    change = change.abs() / 2
    grown = wider(turned(ink, shrinks), change, 0)  # shrinking ink is growing paper
    grown = torch.cond(change.max() > 1, much_wider, as_it_is, (grown, change))
    return turned(grown, shrinks) * (1 - dot)


def wider(picture: Tensor, change: Tensor, step: int) -> Tensor:
    """One cell wider each side, or less where less is left of `change`, (N, 1, 1, 1) cells, after so many steps."""
    return picture + (widened(picture, step) - picture) * (change - step).clamp(0, 1)


def much_wider(picture: Tensor, change: Tensor) -> Tensor:
    """All steps but the first, which few pens need."""
    for step in range(1, MOST_CHANGE):
        picture = wider(picture, change, step)
    return picture


def as_it_is(picture: Tensor, change: Tensor) -> Tensor:
    return picture.clone()


def widened(picture: Tensor, step: int) -> Tensor:
    """One cell wider each side; squares and crosses take turns, which comes near a round pen."""
    if step % 2 == 1:
        return max_pool2d(picture, 3, 1, 1)
    return torch.maximum(max_pool2d(picture, (3, 1), 1, (1, 0)), max_pool2d(picture, (1, 3), 1, (0, 1)))


def pen_width(ink: Tensor) -> Tensor:
    """2 · ink / total variation, which for a line of any shape is its width: (N, 1, L, L) → (N, 1, 1, 1) cells."""
    around = pad(ink, (1, 1, 1, 1))
    here = around[..., :-1, :-1]
    across, down = around[..., :-1, 1:] - here, around[..., 1:, :-1] - here
    variation = torch.sqrt(across * across + down * down).sum((2, 3), keepdim=True)
    return 2 * ink.sum((2, 3), keepdim=True) / variation.clamp(min=TINY)


def centred(ink: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(N, 1, 84, 84) → (N, 1, 28, 28): longer side 20 px, mass in the middle.

    And the first px's near edge, (N, 2, 1), and the px' side, (N, 1, 1), cells.
    """
    step = longer_side(ink) / BOX_PX  # (N, 1, 1, 1) cells
    start = mass_centre(ink).unsqueeze(3) - step * (SIDE_PX / 2)  # (N, 2, 1, 1)
    weights, wide = overlap(start, step, SIDE_PX, FINE_SIDE)
    rows, columns = weights.split(1, 1)
    return (resample(ink, rows, columns) / (wide * wide)).clamp(0, 1), start.squeeze(3), step.squeeze(3)


def mass_centre(ink: Tensor) -> Tensor:
    """(N, 1, L, L) → (N, 2, 1), rows and columns, in cells from the first cell's near edge."""
    profile = torch.cat([ink.sum(3), column_sums(ink).squeeze(2)], 1)  # (N, 2, L)
    place = torch.arange(profile.shape[2], dtype=profile.dtype) + 0.5
    return (profile * place).sum(2, keepdim=True) / profile.sum(2, keepdim=True).clamp(min=TINY)
