"""Small canvases with a drawing somewhere on them, for the pixels door to find: with thin brushes and thick pens."""

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

from recognizer.training.distortion import uniform
from recognizer.training.strokes_door import SIDE_PX, render

BRUSHED_PX = 28  # canvases of a Paint program, its brush 1 to 3 px wide, without soft edges
DRAWN_PX = 48  # canvases of a page
SMALLEST, LARGEST = 0.3, 0.95  # share of the canvas that the drawing's longer side takes
PEN_SHARE = (1 / 40, 0.28)  # of the drawing's longer side
BRUSHED_FROM = 0.2  # as SMALLEST, by a brush
THICKEST_BRUSH = 0.22  # of the drawing's longer side, or 1 px
THINNEST_PX = 0.8


def brushed(segments: Tensor, generator: Generator) -> Tensor:
    """(n, S, 4), longer side 1, middle 0 → (n, 28, 28), 0 or 1."""
    size = uniform(generator, BRUSHED_FROM, LARGEST, len(segments), 1, 1)
    brush = torch.randint(1, 4, (len(segments), 1, 1), generator=generator) * (0.45 + 0.55 * size)
    pen = torch.minimum(brush, (THICKEST_BRUSH * BRUSHED_PX * size).clamp(min=1))
    return (drawn(segments, size, pen, BRUSHED_PX, generator) > 0.5).to(segments.dtype)


def penned(segments: Tensor, generator: Generator) -> Tensor:
    """(n, S, 4), longer side 1, middle 0 → (n, 48, 48) in [0, 1]."""
    size = uniform(generator, SMALLEST, LARGEST, len(segments), 1, 1)
    pen = (uniform(generator, *PEN_SHARE, len(segments), 1, 1) * size * DRAWN_PX).clamp(min=THINNEST_PX)
    return drawn(segments, size, pen, DRAWN_PX, generator)


def drawn(segments: Tensor, size: Tensor, pen: Tensor, side: int, generator: Generator) -> Tensor:
    """Anywhere on the canvas, wholly on it; size: share of the canvas, pen included; pen: px of the canvas."""
    scale = (size * side - pen).clamp(min=1) / side
    place = uniform(generator, -0.5, 0.5, len(segments), 1, 2)
    x, y = ((segments[:, :, axis::2] * scale + (1 - size) * place[:, :, axis, None]) * SIDE_PX for axis in (0, 1))
    return render(x, y, pen * SIDE_PX / side, side)


def placed(pictures: Tensor, generator: Generator) -> Tensor:
    """MNIST-like pictures (n, 28, 28), the digit in the middle 20 px → (n, 48, 48), smaller or larger and anywhere."""
    size = uniform(generator, SMALLEST, LARGEST, len(pictures), 1, 1)  # of the digit's 20 px
    place = uniform(generator, -1, 1, 2, len(pictures), 1, 1) * (1 - size)
    zoom = SIDE_PX / 20 * size
    zero = torch.zeros_like(size)
    rows = [torch.cat([1 / zoom, zero, -place[0] / zoom], 2), torch.cat([zero, 1 / zoom, -place[1] / zoom], 2)]
    grid = affine_grid(torch.cat(rows, 1), [len(pictures), 1, DRAWN_PX, DRAWN_PX], align_corners=False)
    return grid_sample(pictures.unsqueeze(1), grid, mode="bilinear", align_corners=False)[:, 0]
