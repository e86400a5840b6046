"""Random distortions of strokes and pictures, as other hands and pens would have drawn them, in whole batches."""

import math

import torch
from torch import Generator, Tensor
from torch.nn.functional import grid_sample, interpolate, max_pool2d

from recognizer.training.config import Config
from recognizer.training.examples.points import Points

LONGEST_GAP = 0.12  # of the line


def uniform(generator: Generator, low: float, high: float, *shape: int) -> Tensor:
    return low + (high - low) * torch.rand(*shape, generator=generator)


def normal(generator: Generator, deviation: float | Tensor, *shape: int) -> Tensor:
    return deviation * torch.randn(*shape, generator=generator)


def distort_strokes(points: Points, config: Config, generator: Generator) -> Points:
    """Slant, stretch, turn, warp, wobble, lost points, ends and bits: another drawing of the same digit, each."""
    xy = cut_ends(points, config.stroke_cut, generator)
    xy = drop_points(xy, points.ends, config.stroke_missing, generator)
    xy = torch.matmul(xy, stroke_affine(len(xy), config, generator))
    xy = xy + warp_offsets(xy, config.stroke_elastic, generator)
    shake = config.stroke_wobble * torch.rand(len(xy), 1, 1, generator=generator) ** 2
    shaken = Points(xy + normal(generator, shake, *xy.shape), points.ends)
    return cut_gaps(shaken, config.stroke_gap, generator)


def cut_ends(points: Points, most: float, generator: Generator) -> Tensor:
    """The drawing's first and last bits squeezed into a point, half of the time: a pen that came late or left early."""
    count = points.xy.shape[1]
    cut = uniform(generator, -most, most, len(points.xy), 2).clamp(min=0) * count
    place = torch.arange(count)
    chosen = torch.maximum(place.expand(len(cut), count), cut[:, :1].long())
    chosen = torch.minimum(chosen, count - 1 - cut[:, 1:].long())
    return torch.gather(points.xy, 1, chosen.unsqueeze(2).expand(-1, -1, 2))


def cut_gaps(points: Points, share: float, generator: Generator) -> Points:
    """A bit of the line left out in one place, in a share of the drawings: a pen that skipped."""
    count = points.xy.shape[1]
    length = 1 + uniform(generator, 0, LONGEST_GAP * count, len(points.xy), 1)
    start = (torch.rand(len(points.xy), 1, generator=generator) * (count - length)).long()
    place = torch.arange(count)
    broken = torch.rand(len(points.xy), 1, generator=generator) < share
    inside = broken & (place >= start) & (place < start + length)
    source = torch.where(inside, start, place).unsqueeze(2).expand(-1, -1, 2)
    return Points(torch.gather(points.xy, 1, source), points.ends | inside)


def drop_points(xy: Tensor, ends: Tensor, most: float, generator: Generator) -> Tensor:
    """A share of the points, up to `most`, replaced by the point before them: corners where curves were."""
    share = most * torch.rand(len(xy), 1, generator=generator) ** 2
    starts = torch.cat([torch.ones_like(ends[:, :1]), ends[:, :-1]], 1)
    kept = (torch.rand(ends.shape, generator=generator) >= share) | ends | starts
    place = torch.where(kept, torch.arange(xy.shape[1]), 0)
    source = torch.cummax(place, 1).values
    return torch.gather(xy, 1, source.unsqueeze(2).expand(-1, -1, 2))


def stroke_affine(count: int, config: Config, generator: Generator) -> Tensor:
    """(n, 2, 2), to multiply rows of x, y by: slant and aspect, then a turn."""
    angle = uniform(generator, -1, 1, count) * math.radians(config.stroke_rotation_deg)
    slant = uniform(generator, -config.stroke_slant, config.stroke_slant, count)
    stretch = torch.exp(uniform(generator, -config.stroke_aspect, config.stroke_aspect, count) / 2)
    zero = torch.zeros(count)
    shape = torch.stack([stretch, zero, -slant, 1 / stretch], 1).reshape(-1, 2, 2)
    turn = torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()], 1).reshape(-1, 2, 2)
    return torch.matmul(shape, turn)


def warp_offsets(xy: Tensor, deviation: float, generator: Generator) -> Tensor:
    """A smooth field of displacements, sampled at the points: (n, P, 2)."""
    field = normal(generator, deviation, len(xy), 2, 4, 4)
    return grid_sample(field, 1.6 * xy.unsqueeze(1), mode="bicubic", padding_mode="border", align_corners=True)[
        :, :, 0
    ].transpose(1, 2)


def distort_pictures(pictures: Tensor, config: Config, generator: Generator) -> Tensor:
    """(n, 1, 28, 28) in [0, 1] → the same: turned, sheared, scaled, shifted, warped, with another pen.

    Some are shifted by whole pixels alone: all other ways blur a little, and the network would see no sharp picture.
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
    """(n, 2, 3) for affine_grid: by up to one pixel each way."""
    shift = torch.randint(-1, 2, (2, count), generator=generator) / 14
    zero, one = torch.zeros(count), torch.ones(count)
    return torch.stack([one, zero, shift[0], zero, one, shift[1]], 1).reshape(-1, 2, 3)


def picture_affine(count: int, config: Config, generator: Generator) -> Tensor:
    """(n, 2, 3) for affine_grid."""
    angle = uniform(generator, -1, 1, count) * math.radians(config.picture_rotation_deg)
    shear = uniform(generator, -config.picture_shear, config.picture_shear, count)
    wide, high = (1 + uniform(generator, -config.picture_scale, config.picture_scale, count) for _ in range(2))
    shift = uniform(generator, -1, 1, 2, count) * config.picture_shift_px / 14
    cosine, sine = angle.cos(), angle.sin()
    rows = [cosine * wide, -sine * high + shear, shift[0], sine * wide, cosine * high, shift[1]]
    return torch.stack(rows, 1).reshape(-1, 2, 3)


def change_pen(pictures: Tensor, most: float, generator: Generator) -> Tensor:
    """Between one step of 3 × 3 erosion and one of dilation, both in part; most pictures stay near what they are."""
    amount = most * uniform(generator, -1, 1, len(pictures), 1, 1, 1) ** 3
    wider = max_pool2d(pictures, 3, 1, 1)
    thinner = -max_pool2d(-pictures, 3, 1, 1)
    return pictures + amount.clamp(min=0) * (wider - pictures) + (-amount).clamp(min=0) * (thinner - pictures)
