"""The first half of the pixels door in torch: a gray picture → its ink, without paper, frames and noise.

Exported to `recognizer/doors/cleaner.onnx`. Training runs that file too, because it is faster. On a rough copy of the
picture, `paper.py` tells ink from paper and `frame.py` finds the frame. This file then converts each pixel.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d

from recognizer.training.doors.furniture import find_furniture
from recognizer.training.doors.paper import GRID, depth, invert_where, sheet_of
from recognizer.training.doors.resampling import overlap, resample
from recognizer.training.doors.window import find_window


class CleanerGraph(nn.Module):
    """(N, H, W) uint8, either polarity → (N, H, W) float32: 0 paper, about 1 ink; all 0 if nothing is readable.

    Ink is not limited to 1, and noise near the ink is left in: `PlacerGraph` first averages, then cuts off.
    """

    def forward(self, picture: Tensor) -> Tensor:
        tone = picture.to(torch.float32).unsqueeze(1) / 255  # (N, 1, H, W)
        unit = torch.ones(1, 1, 1)
        sides = torch.cat([unit * tone.shape[2], unit * tone.shape[3]], 1) + torch.zeros(tone.shape[0], 1, 1)  # (N, 2, 1)
        start = torch.zeros_like(sides)
        darkest, lightest = tone.amin((2, 3), True), tone.amax((2, 3), True)
        first = sheet_of(rough_copy(tone, start, sides / GRID), darkest, lightest, sides / GRID)
        low, high = find_window(first.ink * first.readable)  # (N, 2, 1) cells
        start, cell_px = low * sides / GRID, (high - low) * sides / GRID / GRID
        rough = rough_copy(tone, start, cell_px)
        window = to_pixels(torch.ones_like(rough), tone, start, cell_px) > 0.5
        masked = lambda keep: (torch.where(keep, tone, 1.0).amin((2, 3), True), torch.where(keep, tone, 0.0).amax((2, 3), True))
        sheet = sheet_of(rough, *masked(window), cell_px)
        furniture = torch.zeros_like(rough)
        for _ in range(2):
            furniture = torch.maximum(furniture, find_furniture(sheet.ink * sheet.readable, cell_px))
            keep = to_pixels(1 - furniture, tone, start, cell_px) > 0.5
            sheet = sheet_of(rough, *masked(keep), cell_px, (sheet.ink_is_light, sheet.closed, furniture))
        paper = to_pixels(sheet.paper, tone, start, cell_px)
        ink = depth(paper, invert_where(sheet.ink_is_light, tone)) * keep.to(tone.dtype)
        clean: Tensor = ink * (sheet.readable / sheet.contrast)
        return clean.squeeze(1)


def rough_copy(tone: Tensor, start: Tensor, step: Tensor) -> Tensor:
    """Return the mean tones of 64 × 64 cells: (N, 1, H, W); start, step (N, 2, 1): px → (N, 1, 64, 64)."""
    rows = cell_weights(start[:, :1], step[:, :1], tone.shape[2])
    columns = cell_weights(start[:, 1:], step[:, 1:], tone.shape[3])
    return resample(tone, rows, columns)


def cell_weights(start: Tensor, step: Tensor, length: int) -> Tensor:
    """start, step (N, 1, 1) → (N, 1, 64, length), whose rows sum to 1."""
    weights, _ = overlap(start.unsqueeze(1), step.unsqueeze(1), GRID, length)
    return weights / weights.sum(-1, keepdim=True)


def to_pixels(cells: Tensor, tone: Tensor, start: Tensor, step: Tensor) -> Tensor:
    """Interpolate cells to the picture's pixels: (N, C, 64, 64) → (N, C, H, W)."""
    rows = pixel_weights(start[:, :1], step[:, :1], tone.shape[2])
    columns = pixel_weights(start[:, 1:], step[:, 1:], tone.shape[3])
    return resample(cells, rows, columns)


def pixel_weights(start: Tensor, step: Tensor, length: int) -> Tensor:
    """Return weights (N, 1, length, 64): the mean of the cells that a pixel covers, or between two; 0 outside."""
    weights, _ = overlap((-start / step).unsqueeze(1), (1 / step).unsqueeze(1), length, GRID)
    total = weights.sum(-1, keepdim=True)
    return weights / total.clamp(min=1e-6) * (total > 0.4).to(weights.dtype)
