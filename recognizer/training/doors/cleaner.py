"""The first half of the pixels door in torch: a gray picture → its ink, without paper, frames and noise.

Exported to `recognizer/doors/cleaner.onnx`. Training runs that file too, because it is faster. On a rough copy of the
picture, `paper.py` tells ink from paper and `frame.py` finds the frame. This file then converts each pixel.
"""

import torch
from torch import Tensor, nn

from recognizer.training.doors.frame import find_frame
from recognizer.training.doors.paper import GRID, depth, invert_where, sheet_of
from recognizer.training.doors.resampling import axis_weights, overlap, resample, weight_sums


class CleanerGraph(nn.Module):
    """(N, H, W) uint8, either polarity → (N, H, W) float32: 0 paper, about 1 ink; all 0 if nothing is readable.

    Ink is not limited to 1, and noise near the ink is left in: `PlacerGraph` first averages, then cuts off.
    """

    def forward(self, picture: Tensor) -> Tensor:
        tone = picture.to(torch.float32).unsqueeze(1) / 255  # (N, 1, H, W)
        rows, columns = axis_weights(GRID, tone.shape[2]), axis_weights(GRID, tone.shape[3])
        unit = torch.ones(1, 1)
        cell_px = torch.cat([unit * tone.shape[2], unit * tone.shape[3]]) / GRID  # (2, 1): height and width
        rough = resample(tone, rows, columns) / weight_sums(rows, columns)
        sheet = sheet_of(rough, tone.amin((2, 3), True), tone.amax((2, 3), True), cell_px)
        keep = 1 - find_frame(sheet.ink)
        paper, kept = to_pixels(torch.cat([sheet.paper, keep], 1), tone).split(1, 1)
        ink = depth(paper, invert_where(sheet.ink_is_light, tone)) * (kept > 0.5).to(tone.dtype)
        clean: Tensor = ink * (sheet.readable / sheet.contrast)
        return clean.squeeze(1)


def to_pixels(cells: Tensor, tone: Tensor) -> Tensor:
    """Interpolate cells to the picture's pixels: (N, C, 64, 64) → (N, C, H, W)."""
    rows, columns = (pixel_weights(tone.shape[axis]) for axis in (2, 3))
    return resample(cells, rows, columns)


def pixel_weights(length: int) -> Tensor:
    """Return weights (length, 64), whose rows sum to 1: the mean of the cells that a pixel covers, or between two."""
    step = torch.ones(1, 1) * (GRID / length)
    weights, _ = overlap(torch.zeros(1, 1), step, length, GRID)
    return weights / weights.sum(-1, keepdim=True)
