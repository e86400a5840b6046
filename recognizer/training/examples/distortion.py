"""Random distortions of strokes and pictures, like those of other hands and pens. In whole batches."""

import math

import torch
from torch import Generator, Tensor
from torch.nn.functional import grid_sample, interpolate, max_pool2d

from recognizer.training.config import Config
from recognizer.training.examples.points import Points

LONGEST_GAP = 0.12  # share of the line


def uniform(generator: Generator, low: float, high: float, *shape: int) -> Tensor:
    return low + (high - low) * torch.rand(*shape, generator=generator)


def normal(generator: Generator, deviation: float | Tensor, *shape: int) -> Tensor:
    return deviation * torch.randn(*shape, generator=generator)


def distort_strokes(points: Points, config: Config, generator: Generator) -> Points:
    """Slant, stretch, turn, warp and shake drawings; drop points, ends and bits of the line."""
    xy = cut_ends(points, config.stroke_cut, generator)
    xy = drop_points(xy, points.ends, config.stroke_missing, generator)
    xy = torch.matmul(xy, stroke_affine(len(xy), config, generator))
    xy = xy + warp_offsets(xy, config.stroke_elastic, generator)
    shake = config.stroke_wobble * torch.rand(len(xy), 1, 1, generator=generator) ** 2
    shaken = Points(xy + normal(generator, shake, *xy.shape), points.ends)
    return cut_gaps(shaken, config.stroke_gap, generator)


def cut_ends(points: Points, most: float, generator: Generator) -> Tensor:
    """Cut the drawing's start and end, each half of the time: the pen came late or left early."""
    count = points.xy.shape[1]
    cut = uniform(generator, -most, most, len(points.xy), 2).clamp(min=0) * count
    place = torch.arange(count)
    chosen = torch.maximum(place.expand(len(cut), count), cut[:, :1].long())
    chosen = torch.minimum(chosen, count - 1 - cut[:, 1:].long())
    return torch.gather(points.xy, 1, chosen.unsqueeze(2).expand(-1, -1, 2))


def cut_gaps(points: Points, share: float, generator: Generator) -> Points:
    """Break the line in one place, in a share of the drawings: the pen skipped."""
    count = points.xy.shape[1]
    length = 1 + uniform(generator, 0, LONGEST_GAP * count, len(points.xy), 1)
    start = (torch.rand(len(points.xy), 1, generator=generator) * (count - length)).long()
    place = torch.arange(count)
    broken = torch.rand(len(points.xy), 1, generator=generator) < share
    inside = broken & (place >= start) & (place < start + length)
    source = torch.where(inside, start, place).unsqueeze(2).expand(-1, -1, 2)
    return Points(torch.gather(points.xy, 1, source), points.ends | inside)


def drop_points(xy: Tensor, ends: Tensor, most: float, generator: Generator) -> Tensor:
    """Replace a share of the points, up to `most`, by the point before: curves become corners."""
    share = most * torch.rand(len(xy), 1, generator=generator) ** 2
    starts = torch.cat([torch.ones_like(ends[:, :1]), ends[:, :-1]], 1)
    kept = (torch.rand(ends.shape, generator=generator) >= share) | ends | starts
    place = torch.where(kept, torch.arange(xy.shape[1]), 0)
    source = torch.cummax(place, 1).values
    return torch.gather(xy, 1, source.unsqueeze(2).expand(-1, -1, 2))


def stroke_affine(count: int, config: Config, generator: Generator) -> Tensor:
    """Return (n, 2, 2) matrices for rows of x, y: slant and aspect, then rotation."""
    angle = uniform(generator, -1, 1, count) * math.radians(config.stroke_rotation_deg)
    slant = uniform(generator, -config.stroke_slant, config.stroke_slant, count)
    stretch = torch.exp(uniform(generator, -config.stroke_aspect, config.stroke_aspect, count) / 2)
    zero = torch.zeros(count)
    slant_and_aspect = torch.stack([stretch, zero, -slant, 1 / stretch], 1).reshape(-1, 2, 2)
    rotation = torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()], 1).reshape(-1, 2, 2)
    return torch.matmul(slant_and_aspect, rotation)


def warp_offsets(xy: Tensor, deviation: float, generator: Generator) -> Tensor:
    """Return a smooth displacement of each point: (n, P, 2)."""
    field = normal(generator, deviation, len(xy), 2, 4, 4)
    return grid_sample(field, 1.6 * xy.unsqueeze(1), mode="bicubic", padding_mode="border", align_corners=True)[
        :, :, 0
    ].transpose(1, 2)


def distort_pictures(pictures: Tensor, config: Config, generator: Generator) -> Tensor:
    """Rotate, shear, scale, shift and warp pictures, and change their pen: (n, 1, 28, 28) in [0, 1] → the same.

    Some are only shifted by whole pixels: all else blurs a little, and the network should see sharp pictures, too.
    """
    count = len(pictures)
    plain = torch.rand(count, 1, 1, generator=generator) < config.picture_plain
    matrix = torch.where(plain, whole_pixel_shift(count, generator), picture_affine(count, config, generator))
    grid = torch.nn.functional.affine_grid(matrix, list(pictures.shape), align_corners=False)
    field = normal(generator, config.picture_elastic_px / 14, count, 2, 5, 5)
    field = interpolate(field, size=(28, 28), mode="bicubic", align_corners=True) * ~plain.unsqueeze(3)
    moved = grid_sample(pictures, grid + field.permute(0, 2, 3, 1), mode="bicubic", align_corners=False).clamp(0, 1)
    return torch.where(plain.unsqueeze(3), moved, change_pen(moved, config.picture_pen, generator))


def whole_pixel_shift(count: int, generator: Generator) -> Tensor:
    """Return (n, 2, 3) for affine_grid: shifts by up to one pixel each way."""
    shift = torch.randint(-1, 2, (2, count), generator=generator) / 14
    zero, one = torch.zeros(count), torch.ones(count)
    return torch.stack([one, zero, shift[0], zero, one, shift[1]], 1).reshape(-1, 2, 3)


def picture_affine(count: int, config: Config, generator: Generator) -> Tensor:
    """Return (n, 2, 3) for affine_grid."""
    angle = uniform(generator, -1, 1, count) * math.radians(config.picture_rotation_deg)
    shear = uniform(generator, -config.picture_shear, config.picture_shear, count)
    wide, high = (1 + uniform(generator, -config.picture_scale, config.picture_scale, count) for _ in range(2))
    shift = uniform(generator, -1, 1, 2, count) * config.picture_shift_px / 14
    cosine, sine = angle.cos(), angle.sin()
    rows = [cosine * wide, -sine * high + shear, shift[0], sine * wide, cosine * high, shift[1]]
    return torch.stack(rows, 1).reshape(-1, 2, 3)


def change_pen(pictures: Tensor, most: float, generator: Generator) -> Tensor:
    """Thin or thicken lines by up to one step of 3 × 3 erosion or dilation; most pictures change little."""
    amount = most * uniform(generator, -1, 1, len(pictures), 1, 1, 1) ** 3
    wider = max_pool2d(pictures, 3, 1, 1)
    thinner = -max_pool2d(-pictures, 3, 1, 1)
    return pictures + amount.clamp(min=0) * (wider - pictures) + (-amount).clamp(min=0) * (thinner - pictures)
