"""The pixels door as torch code: a gray picture → the picture that the network sees. Knows nothing of files or weights.

Exported to `recognizer/doors/pixels.onnx`: training runs this code, everything else that file. `paper.py` tells paper
from ink, `frame.py` drops what is not the drawing, and this file brings the ink to the standard box, pen and place.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, pad

from recognizer.training.frame import GRID, only_drawing
from recognizer.training.paper import ink_on_paper
from recognizer.training.resampling import overlap, resample, whole

SIDE_PX = 28
BOX_PX = 20.0
FINE = 3  # the working picture has 3 × 3 cells for each pixel of the last one
FINE_SIDE = SIDE_PX * FINE
FINE_BOX = BOX_PX * FINE
PEN_RANGE_PX = (1.8, 3.6)  # pens outside of it are brought to it; MNIST's 5th and 95th percentile are 1.6 and 3.6
MOST_CHANGE = 4  # cells a side
EDGE_INK = 0.15  # a row or column belongs to the drawing from this much ink on
TINY = 1e-6


class PixelsDoor(nn.Module):
    """(N, H, W) uint8, either polarity → (N, 1, 28, 28) float32 in [0, 1], light ink on dark; all 0 if blank."""

    def forward(self, ink: Tensor) -> Tensor:
        tone = ink.to(torch.float32)
        rows, columns = whole(GRID, tone.shape[1]), whole(GRID, tone.shape[2])  # of the rough copy
        drawing = only_drawing(ink_on_paper(tone, rows, columns), rows, columns)
        return centred(standard_pen(enlarged(drawing)))


def enlarged(ink: Tensor) -> Tensor:
    """(N, H, W) → (N, 84, 84): the drawing's box in the middle, its longer side 60 cells."""
    top, bottom = box(ink.amax(2))
    left, right = box(ink.amax(1))
    step = torch.maximum(bottom - top, right - left).clamp(min=TINY) / FINE_BOX
    rows = overlap((top + bottom) / 2 - step * FINE_SIDE / 2, step, FINE_SIDE, ink.shape[1])
    columns = overlap((left + right) / 2 - step * FINE_SIDE / 2, step, FINE_SIDE, ink.shape[2])
    return resample(ink, rows, columns)


def box(most: Tensor) -> tuple[Tensor, Tensor]:
    """Most ink of each row or column, (N, L) → first and last edge, (N, 1), px; a partly inked edge counts in part."""
    length = most.shape[1]
    place = torch.arange(length, dtype=most.dtype)
    inked = most > EDGE_INK
    low = torch.where(inked, place + 1 - most, length).amin(1, keepdim=True)
    high = torch.where(inked, place + most, 0).amax(1, keepdim=True)
    return low, torch.maximum(high, low)


def standard_pen(ink: Tensor) -> Tensor:
    """Full contrast for thin lines, then grown or shrunk where the pen is thinner or thicker than the usual range."""
    typical = (ink * ink).sum((1, 2), keepdim=True) / ink.sum((1, 2), keepdim=True).clamp(min=TINY)
    ink = (ink / typical.clamp(min=0.1)).clamp(max=1)
    pen = pen_width(ink)  # (N, 1, 1) cells
    change = (pen.clamp(PEN_RANGE_PX[0] * FINE, PEN_RANGE_PX[1] * FINE) - pen) / 2
    change = change.clamp(-MOST_CHANGE, MOST_CHANGE)
    result = ink * (1 - change.abs()).clamp(min=0)
    change = torch.stack([change, -change], 1)  # (N, 2, 1, 1): growth of the ink, growth of the paper
    grown = torch.stack([ink, 1 - ink], 1)  # (N, 2, 84, 84)
    for step in range(1, MOST_CHANGE + 1):
        grown = widened(grown, step)
        share = (1 - (change - step).abs()).clamp(min=0)
        result = result + grown[:, 0] * share[:, 0] + (1 - grown[:, 1]) * share[:, 1]
    return result


def widened(picture: Tensor, step: int) -> Tensor:
    """One cell wider each side; squares and crosses take turns, which comes near a round pen."""
    if step % 2 == 0:
        return max_pool2d(picture, 3, 1, 1)
    return torch.maximum(max_pool2d(picture, (3, 1), 1, (1, 0)), max_pool2d(picture, (1, 3), 1, (0, 1)))


def pen_width(ink: Tensor) -> Tensor:
    """2 · ink / total variation, which for a line of any shape is its width: (N, L, L) → (N, 1, 1) cells."""
    around = pad(ink, (1, 1, 1, 1))
    here = around[:, :-1, :-1]
    across, down = around[:, :-1, 1:] - here, around[:, 1:, :-1] - here
    variation = torch.sqrt(across * across + down * down).sum((1, 2), keepdim=True)
    return 2 * ink.sum((1, 2), keepdim=True) / variation.clamp(min=TINY)


def centred(ink: Tensor) -> Tensor:
    """(N, 84, 84) → (N, 1, 28, 28): longer side 20 px, mass in the middle."""
    across, down = ink.amax(1), ink.amax(2)
    (top, bottom), (left, right) = box(down), box(across)
    step = torch.maximum(bottom - top, right - left).clamp(min=TINY) / BOX_PX
    rows = overlap(mass_centre(ink.sum(2)) - step * SIDE_PX / 2, step, SIDE_PX, FINE_SIDE)
    columns = overlap(mass_centre(ink.sum(1)) - step * SIDE_PX / 2, step, SIDE_PX, FINE_SIDE)
    return resample(ink, rows, columns).clamp(0, 1).unsqueeze(1)


def mass_centre(profile: Tensor) -> Tensor:
    """(N, L) → (N, 1), in cells from the first cell's near edge."""
    place = torch.arange(profile.shape[1], dtype=profile.dtype) + 0.5
    return (profile * place).sum(1, keepdim=True) / profile.sum(1, keepdim=True).clamp(min=TINY)
