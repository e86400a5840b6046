"""Tells ink from paper: either polarity, uneven light, noise. Part of the pixels door, as torch code.

Paper is what the border and the local background show. Under each of the two hypotheses, dark ink or light ink, thin
things are closed over (grayscale morphology); the hypothesis that leaves the smoother paper is the right one.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad

from recognizer.training.resampling import resample, whole

GRID = 64  # cells a side of the picture's rough copy
BLOCKS = 16  # blocks a side of the paper's own picture
REACH = 3  # blocks: ink up to 2 · REACH blocks (3/8 of the picture) thick is closed over
STRONGEST = 10  # the contrast is that of the 10th most inky of the 4,096 cells
PAPER_BELOW = 0.4  # cells of less than this share of the contrast are paper
LEAST_CONTRAST = 0.04  # of the whole tone range
LEAST_SIGNAL_TO_NOISE = 5.0
TOE = 0.1  # paper's share of the contrast that is cut off, more where it is noisy
MOST_TOE = 0.5
QUIET_MEAN = 6 * 0.325  # mean of the lower half of |normal|, times the norm of the noise mask
HALF_NORMAL = 2.5  # a normal deviation over its mean positive part
TINY = 1e-6


def ink_on_paper(tone: Tensor) -> Tensor:
    """(N, H, W) in [0, 1], either polarity → (N, H, W) ink in [0, 1]; all 0 where the contrast is below the noise."""
    height, width = tone.shape[1], tone.shape[2]
    rough = resample(tone, whole(GRID, height), whole(GRID, width))  # (N, 64, 64)
    sign, paper = closed_paper(rough)
    light = rough * sign  # paper is the lighter from here on
    paper, contrast = settled_paper(light, paper)
    readable = contrast > torch.clamp(LEAST_SIGNAL_TO_NOISE * noise(light), min=LEAST_CONTRAST)
    paper = resample(paper, whole_smooth(height), whole_smooth(width))  # (N, H, W)
    return full_contrast((paper - tone * sign).clamp(min=0), contrast) * readable.to(tone.dtype)


def closed_paper(rough: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 64, 64) → sign (N, 1, 1), 1 for dark ink and -1 for light, and the paper's tone · sign (N, 16, 16)."""
    border = torch.cat([rough[:, 0], rough[:, -1], rough[:, :, 0], rough[:, :, -1]], 1)  # (N, 256)
    tone = torch.topk(border, 2 * GRID, dim=1).values[:, -1:].unsqueeze(2)  # (N, 1, 1): the border's median
    dark, light = closed(rough, tone), closed(-rough, -tone)
    ink_is_dark = spread(dark) <= spread(light)  # (N, 1, 1)
    return torch.where(ink_is_dark, 1.0, -1.0), torch.where(ink_is_dark, dark, light)


def closed(light: Tensor, outside: Tensor) -> Tensor:
    """Grayscale closing by blocks, paper of tone `outside` all around: (N, 64, 64) → (N, 16, 16)."""
    blocks = max_pool2d(light, GRID // BLOCKS) - outside
    blocks = pad(blocks, (2 * REACH,) * 4)
    window = 2 * REACH + 1
    widest = max_pool2d(blocks, window, stride=1)
    return -max_pool2d(-widest, window, stride=1) + outside


def spread(paper: Tensor) -> Tensor:
    return (paper - paper.mean((1, 2), keepdim=True)).square().mean((1, 2), keepdim=True)


def settled_paper(light: Tensor, paper: Tensor) -> tuple[Tensor, Tensor]:
    """Paper's tone read off the cells that are not ink, and filled in under the ink: (N, 16, 16), contrast (N, 1, 1)."""
    for _ in range(2):
        ink = (smooth(paper) - light).clamp(min=0)
        contrast = strongest(ink)
        bare = (ink <= PAPER_BELOW * contrast).to(light.dtype)
        paper = filled(light * bare, bare)
    return paper, strongest((smooth(paper) - light).clamp(min=0))


def strongest(ink: Tensor) -> Tensor:
    return torch.topk(ink.flatten(1), STRONGEST, dim=1).values[:, -1:].unsqueeze(2)


def filled(tone: Tensor, weight: Tensor) -> Tensor:
    """Mean paper of each block, coarser means where a block shows none (a pull-push pyramid): → (N, 16, 16)."""
    tones, weights = [avg_pool2d(tone, GRID // BLOCKS)], [avg_pool2d(weight, GRID // BLOCKS)]
    while tones[-1].shape[1] > 1:
        tones.append(avg_pool2d(tones[-1], 2))
        weights.append(avg_pool2d(weights[-1], 2))
    paper = tones[-1] / weights[-1].clamp(min=TINY)
    for tone, weight in zip(tones[-2::-1], weights[-2::-1], strict=True):
        trust = (4 * weight).clamp(max=1)  # a quarter of bare cells is enough to go by
        paper = torch.repeat_interleave(torch.repeat_interleave(paper, 2, dim=1), 2, dim=2)
        paper = trust * tone / weight.clamp(min=TINY) + (1 - trust) * paper
    return paper


def noise(light: Tensor) -> Tensor:
    """Deviation of the noise, (N, 1, 1), by the Laplacian mask of Immerkær (1996), from the quieter of two halves."""
    mask = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
    rough = conv2d(light.unsqueeze(1), mask[None, None])[:, 0].abs().flatten(1)  # (N, 62 · 62)
    quieter = -torch.topk(-rough, rough.shape[1] // 2, dim=1).values  # strokes are in the other half
    return (quieter.mean(1) / QUIET_MEAN)[:, None, None]


def full_contrast(depth: Tensor, contrast: Tensor) -> Tensor:
    """Depth below the paper → ink in [0, 1]: typical ink is 1; the paper's noise, measured, is cut off."""
    inked = (depth > PAPER_BELOW * contrast).to(depth.dtype)
    deep = depth * inked
    typical = (deep * depth).sum((1, 2), keepdim=True) / deep.sum((1, 2), keepdim=True).clamp(min=TINY)
    bare = inked.shape[1] * inked.shape[2] - inked.sum((1, 2), keepdim=True)
    speckle = HALF_NORMAL * (depth - deep).sum((1, 2), keepdim=True) / bare.clamp(min=1)
    toe = (speckle / typical.clamp(min=TINY)).clamp(TOE, MOST_TOE)
    return ((depth / typical.clamp(min=TINY) - toe) / (1 - toe)).clamp(0, 1)


def smooth(paper: Tensor) -> Tensor:
    return resample(paper, whole_smooth(GRID), whole_smooth(GRID))


def whole_smooth(length: int) -> Tensor:
    """Weights (length, 16) that interpolate the blocks' middles linearly, flat beyond the outer ones."""
    place = (torch.arange(length, dtype=torch.float32) + 0.5) * BLOCKS / length - 0.5
    block = torch.arange(BLOCKS, dtype=torch.float32)
    return (1 - (place.clamp(0, BLOCKS - 1)[:, None] - block).abs()).clamp(min=0)
