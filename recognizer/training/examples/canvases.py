"""Small canvases with a drawing anywhere on them, for the pixels door: by a hard brush or a soft pen."""

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample, max_pool2d, pad

from recognizer.training.doors.strokes import SIDE_PX, render
from recognizer.training.examples.distortion import uniform

BRUSHED_PX = 28  # side of a paint program's canvas; its brush is 1 to 3 px wide, with hard edges
ROUND_BRUSHES = 0.5  # share of the 3 px brushes without corners
DRAWN_PX = 48  # side of a page's canvas
SMALLEST, LARGEST = 0.3, 0.95  # the drawing's longer side, as a share of the canvas
PEN_SHARE = (1 / 40, 0.28)  # pen width, as a share of the drawing's longer side
BRUSHED_FROM = 0.2  # SMALLEST for a brush
THICKEST_BRUSH = 0.25  # share of the drawing's longer side, but at least 1 px
THINNEST_PX = 0.8  # pen width


def draw_with_brush(segments: Tensor, generator: Generator) -> Tensor:
    """Draw with a hard brush: (n, S, 4) segments, longer side 1, middle 0 → (n, 28, 28), 0 or 1."""
    count = len(segments)
    size = uniform(generator, BRUSHED_FROM, LARGEST, count, 1, 1)
    widest = (THICKEST_BRUSH * BRUSHED_PX * size).clamp(1, 3)
    brush = 1 + (torch.rand(count, 1, 1, generator=generator) * widest.floor()).floor()
    place = uniform(generator, -0.5, 0.5, count, 1, 2)
    scale = (size * BRUSHED_PX - brush).clamp(min=1)
    middle = (BRUSHED_PX - brush) / 2 + place * (1 - size) * BRUSHED_PX
    ends = (segments.unflatten(2, (2, 2)) * scale.unsqueeze(3) + middle.unsqueeze(2)).round()  # (n, S, 2, 2)
    start, offset = ends[:, :, 0], ends[:, :, 1] - ends[:, :, 0]
    steps = offset.abs().amax(2, keepdim=True)  # pixels along the segment's longer axis
    along = torch.minimum(torch.arange(BRUSHED_PX), steps) / steps.clamp(min=1)  # (n, S, 28)
    at = (start.unsqueeze(2) + along.unsqueeze(3) * offset.unsqueeze(2)).round().long().clamp(0, BRUSHED_PX - 1)
    touched = torch.zeros(count, BRUSHED_PX**2)
    touched.scatter_(1, (at[..., 1] * BRUSHED_PX + at[..., 0]).flatten(1), 1)
    return stamp(touched.view(count, BRUSHED_PX, BRUSHED_PX), brush, generator)


def stamp(touched: Tensor, brush: Tensor, generator: Generator) -> Tensor:
    """Stamp a brush of 1, 2 or 3 px, (n, 1, 1), with its upper left corner on every touched pixel: (n, 28, 28)."""
    two, three = (spread(touched, width, width) for width in (2, 3))
    cross = torch.maximum(spread(touched.roll(1, 1), 1, 3), spread(touched.roll(1, 2), 3, 1))
    is_round = torch.rand(len(touched), 1, 1, generator=generator) < ROUND_BRUSHES
    three = torch.where(is_round, cross, three)
    return torch.where(brush == 1, touched, torch.where(brush == 2, two, three))


def spread(touched: Tensor, height: int, width: int) -> Tensor:
    """Spread every pixel's ink down and to the right, to height × width px."""
    return max_pool2d(pad(touched.unsqueeze(1), (width - 1, 0, height - 1, 0)), (height, width), 1)[:, 0]


def draw_with_pen(segments: Tensor, generator: Generator) -> Tensor:
    """Draw with a soft pen: (n, S, 4) segments, longer side 1, middle 0 → (n, 48, 48) in [0, 1]."""
    size = uniform(generator, SMALLEST, LARGEST, len(segments), 1, 1)
    pen = (uniform(generator, *PEN_SHARE, len(segments), 1, 1) * size * DRAWN_PX).clamp(min=THINNEST_PX)
    return draw(segments, size, pen, DRAWN_PX, generator)


def draw(segments: Tensor, size: Tensor, pen: Tensor, side: int, generator: Generator) -> Tensor:
    """Draw anywhere on the canvas, wholly inside; size: share of the canvas, pen included; pen: px of the canvas."""
    scale = (size * side - pen).clamp(min=1) / side
    place = uniform(generator, -0.5, 0.5, len(segments), 1, 2)
    x, y = ((segments[:, :, axis::2] * scale + (1 - size) * place[:, :, axis, None]) * SIDE_PX for axis in (0, 1))
    return render(x, y, pen * SIDE_PX / side, side)


def place_pictures(pictures: Tensor, generator: Generator) -> Tensor:
    """Scale and move MNIST-like pictures, the digit in the middle 20 px: (n, 28, 28) → (n, 48, 48)."""
    size = uniform(generator, SMALLEST, LARGEST, len(pictures), 1, 1)  # share of the canvas for the digit's 20 px
    place = uniform(generator, -1, 1, 2, len(pictures), 1, 1) * (1 - size)
    zoom = SIDE_PX / 20 * size
    zero = torch.zeros_like(size)
    rows = [torch.cat([1 / zoom, zero, -place[0] / zoom], 2), torch.cat([zero, 1 / zoom, -place[1] / zoom], 2)]
    grid = affine_grid(torch.cat(rows, 1), [len(pictures), 1, DRAWN_PX, DRAWN_PX], align_corners=False)
    return grid_sample(pictures.unsqueeze(1), grid, mode="bilinear", align_corners=False)[:, 0]
