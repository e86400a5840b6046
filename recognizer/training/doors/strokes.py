"""The strokes door in torch: line segments → the picture that the network sees. Knows neither files nor weights.

Exported to `recognizer/doors/strokes.onnx`. Training runs this code; everything else runs that file.
"""

import torch
from torch import Tensor, nn

from recognizer.training.doors.resampling import column_sums
from recognizer.training.doors.stray import STRAY_GAP, kept_range

SIDE_PX = 28
BOX_PX = 20.0  # the drawing's longer side, pen included, as MNIST has it
SERVING_PEN_PX = 2.4  # median pen width of MNIST's training pictures (2 · ink / total variation, n = 60,000)
CENTRE_GRID = 14  # cells a side of the rough rendering that finds the ink's centre
BINS = 48  # along the drawing's longer side, to find stray marks
FAR = 1e3  # segments that do not count are moved this far away, where no pen reaches
TINY = 1e-9
EDGE = 1e-5  # keeps the drawing's far edge inside its last bin


class StrokesGraph(nn.Module):
    """(N, S, 4) float32 segments x0, y0, x1, y1, y down, longer side about 1 → (N, 1, 28, 28) float32 in [0, 1].

    Also returns where that picture lies: (N, 3), its left, top and side in the segments' own unit.
    """

    def forward(self, segments: Tensor) -> tuple[Tensor, Tensor]:
        x, y = segments[:, :, 0::2], segments[:, :, 1::2]  # (N, S, 2) each: start, end
        pen = torch.full((1, 1, 1), SERVING_PEN_PX)
        x, y, place = place_segments(x, y, segments_to_keep(x, y), pen)
        return render(x, y, pen, SIDE_PX).unsqueeze(1), place


def picture_of(x: Tensor, y: Tensor, keep: Tensor, pen: Tensor) -> Tensor:
    """Scale by the box, centre by the mass and draw antialiased: the segments' ends, (N, S, 2) → (N, 1, 28, 28).

    keep: (N, S, 1) bool, which segments count; pen: (N or 1, 1, 1), px of the picture. A segment of length 0 on a point
    of another segment adds no ink. An item of one segment of length 0 is a dot.
    """
    x, y, _ = place_segments(x, y, keep, pen)
    return render(x, y, pen, SIDE_PX).unsqueeze(1)


def place_segments(x: Tensor, y: Tensor, keep: Tensor, pen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the segments in px from the picture's middle, and the picture's left, top and side in their unit.

    The arguments are those of `picture_of`; the result is (N, S, 2) x, (N, S, 2) y and (N, 3).
    """
    (x_low, x_high), (y_low, y_high) = extent(x, keep), extent(y, keep)  # (N, 1, 1) each
    longer = torch.maximum(x_high - x_low, y_high - y_low)
    scale = (BOX_PX - pen) / longer.clamp(min=TINY)
    middle_x, middle_y = (x_low + x_high) / 2, (y_low + y_high) / 2
    x = torch.where(keep, (x - middle_x) * scale, FAR)  # box centre at 0, px
    y = torch.where(keep, (y - middle_y) * scale, FAR)
    rough = render(x, y, pen, CENTRE_GRID)
    right, down = ink_centre(rough, axis=1), ink_centre(rough, axis=2)
    left, top = middle_x + (right - SIDE_PX / 2) / scale, middle_y + (down - SIDE_PX / 2) / scale
    return x - right, y - down, torch.cat([left, top, SIDE_PX / scale], 1).squeeze(2)


def segments_to_keep(x: Tensor, y: Tensor) -> Tensor:
    """(N, S, 1) bool: False for stray marks, which have under 3 % of the length and lie away from the rest."""
    length = torch.sqrt((x[:, :, 1] - x[:, :, 0]) ** 2 + (y[:, :, 1] - y[:, :, 0]) ** 2)  # (N, S)
    ends = torch.stack([x, y], 1)  # (N, 2, S, 2)
    low, high = ends.amin(3), ends.amax(3)  # (N, 2, S)
    start = low.amin(2, keepdim=True)  # (N, 2, 1)
    longer = (high.amax(2, keepdim=True) - start).amax(1, keepdim=True).clamp(min=TINY) * (1 + EDGE)
    low, high = ((end - start) / longer * BINS for end in (low, high))  # in bins
    bins = torch.arange(BINS, dtype=x.dtype)[:, None]  # (B, 1)
    # No casts here, not even bool to float. onnxruntime's cast is half a megabyte of machine code: a browser that finds
    # it hot compiles it for a second, while someone draws.
    covered = torch.where((low.unsqueeze(2) < bins + 1) & (high.unsqueeze(2) >= bins), 1.0, 0.0).amax(3)  # (N, 2, B)
    middle = (low + high) / 2
    inside = torch.where(torch.floor(middle).unsqueeze(2) == bins, 1.0, 0.0)  # (N, 2, B, S)
    weight = torch.matmul(inside, length[:, None, :, None])[:, :, :, 0]  # (N, 2, B)
    first, last = kept_range(covered, weight, STRAY_GAP * BINS)  # (N, 2, 1)
    within = (middle >= first) & (middle <= last + 1)  # (N, 2, S)
    return (within[:, 0] & within[:, 1]).unsqueeze(2)


def extent(ends: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
    """Return the least and the greatest coordinate of the segments that count: (N, S, 2) → (N, 1, 1) each."""
    low = torch.where(keep, ends, torch.inf).amin((1, 2), keepdim=True)
    high = torch.where(keep, ends, -torch.inf).amax((1, 2), keepdim=True)
    return low, high


def render(x: Tensor, y: Tensor, pen: Tensor, cells: int) -> Tensor:
    """Segments in px from the picture's middle → (N, cells, cells) ink in [0, 1], antialiased over one cell."""
    cell_px = SIDE_PX / cells
    places = (torch.arange(cells, dtype=x.dtype) + 0.5) * cell_px - SIDE_PX / 2  # (P,)
    dx, dy = x[:, :, 1] - x[:, :, 0], y[:, :, 1] - y[:, :, 0]  # (N, S)
    from_x = places[:, None] - x[:, None, :, 0]  # (N, P, S)
    from_y = places[:, None] - y[:, None, :, 0]
    squared = (dx * dx + dy * dy).clamp(min=TINY)
    along_x = (from_x * (dx / squared)[:, None]).unsqueeze(1)  # (N, 1, P, S)
    along_y = (from_y * (dy / squared)[:, None]).unsqueeze(2)  # (N, P, 1, S)
    along = (along_x + along_y).clamp(0, 1)  # (N, P, P, S): how far along its segment each cell's nearest point lies
    off_x = from_x.unsqueeze(1) - along * dx[:, None, None]
    off_y = from_y.unsqueeze(2) - along * dy[:, None, None]
    distance = torch.sqrt((off_x * off_x + off_y * off_y).amin(3))  # (N, P, P)
    return ((pen / 2 - distance) / cell_px + 0.5).clamp(0, 1)


def ink_centre(ink: Tensor, axis: int) -> Tensor:
    """Return the ink's mean position, px from the picture's middle: (N, P, P) → (N, 1, 1). Axis 1 is x, axis 2 is y."""
    cells = ink.shape[1]
    places = (torch.arange(cells, dtype=ink.dtype) + 0.5) * (SIDE_PX / cells) - SIDE_PX / 2
    profile = column_sums(ink if axis == 1 else ink.transpose(1, 2)).transpose(1, 2)  # (N, P, 1)
    return column_sums(profile * places[:, None]) / column_sums(profile).clamp(min=TINY)
