"""Tells ink from paper: either polarity, uneven light, noise. Part of the pixels door, as torch code.

Paper is what the border and the local background show. Under each of the two hypotheses, dark ink or light ink, thin
things are closed over (grayscale morphology); the hypothesis that leaves the smoother paper is the right one.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad

from recognizer.training.resampling import resample

GRID = 64  # cells a side of the picture's rough copy
BORDER = 6  # cells: wider than the frames that run along the edges
THINNED = 4  # every 4th cell along the border is enough for its median
BLOCKS = 16  # blocks a side of the paper's own picture
REACH = 2  # blocks: ink up to 2 · REACH blocks (a quarter of the picture) thick is closed over
NEAR = 3  # cells: beyond it from the ink a cell is paper
ROUNDS = 2  # of telling paper from ink by what the last round found
LEAST_PAPER = 0.1  # darker paper's ink is not judged by its share of the paper, which would be noise
STRONGEST = 5  # the contrast is that of the 5th most inky of the 4,096 cells
PAPER_BELOW = 0.5  # cells of less than this share of the contrast are paper
LEAST_CONTRAST = 0.06  # of the whole tone range
LEAST_SIGNAL_TO_NOISE = 6.0
LEAST_EDGE = 0.5  # of the contrast, over two cells
TOE = 0.1  # paper's share of the contrast that is cut off, more where it is noisy
MOST_TOE = 0.5
QUIET_MEAN = 6 * 0.325  # mean of the lower half of |normal|, times the norm of the noise mask
NOISE_PEAK = 7.5  # three deviations of normal noise over the mean of its positive part
TINY = 1e-6


def ink_on_paper(tone: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(N, H, W) of 0 to 255, either polarity → (N, H, W) ink in [0, 1]; all 0 where the contrast is below the noise.

    rows (64, H) and columns (64, W) are the weights of the rough copy.
    """
    rough = resample(tone, rows, columns) / 255  # (N, 64, 64)
    ink_is_light, paper = closed_paper(rough)
    light = turned(rough, ink_is_light)  # paper is the lighter from here on
    paper, contrast = settled_paper(light, paper)
    readable = is_ink(light, paper, contrast)
    paper = own_paper(light, paper, contrast)  # (N, 64, 64)
    paper = resample(paper, whole_smooth(GRID, tone.shape[1]), whole_smooth(GRID, tone.shape[2]))  # (N, H, W)
    return full_contrast(depth(paper, turned(tone, ink_is_light, 255)), contrast, readable)


def turned(tone: Tensor, ink_is_light: Tensor, most: int = 1) -> Tensor:
    """Tones of 0 to `most` → of 0 to 1, negative where `ink_is_light`, (N, 1, 1) of 0 or 1."""
    return ink_is_light + tone * ((1 - 2 * ink_is_light) / most)


def depth(paper: Tensor, light: Tensor) -> Tensor:
    """How much darker than its paper, as a share of the paper's tone: light falls on both alike."""
    return ((paper - light) / paper.clamp(min=LEAST_PAPER)).clamp(min=0)


def closed_paper(rough: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 64, 64) → whether ink is light, (N, 1, 1) of 0 or 1, and the paper's tone, ink turned dark, (N, 16, 16).

    Each hypothesis is tried on the tones as they are and on the tones less their slope.
    """
    tilt = slope(rough)
    tried = torch.stack([rough, rough - tilt, 1 - rough, 1 - rough + tilt], 1)  # (N, 4, 64, 64)
    unlike, paper = closed(tried)  # (N, 4, 1, 1), (N, 4, 16, 16)
    fall = avg_pool2d(tilt, GRID // BLOCKS)
    dark_unlike, dark = better(unlike[:, 0], unlike[:, 1], paper[:, 0], paper[:, 1] + fall)
    light_unlike, light = better(unlike[:, 2], unlike[:, 3], paper[:, 2], paper[:, 3] - fall)
    ink_is_light = light_unlike + TINY < dark_unlike  # (N, 1, 1)
    return ink_is_light.to(rough.dtype), torch.where(ink_is_light, light, dark)


def better(unlike: Tensor, other_unlike: Tensor, paper: Tensor, other_paper: Tensor) -> tuple[Tensor, Tensor]:
    return torch.minimum(unlike, other_unlike), torch.where(unlike <= other_unlike, paper, other_paper)


def closed(light: Tensor) -> tuple[Tensor, Tensor]:
    """Grayscale closing by blocks, with paper of the border's median tone all around.

    (N, 4, 64, 64) → how unlike the border the closed paper is, (N, 4, 1, 1), and that paper, (N, 4, 16, 16).
    """
    upright, lying = light[..., ::THINNED, :], light[..., ::THINNED]
    edges = [upright[..., :BORDER], upright[..., -BORDER:], lying[..., :BORDER, :], lying[..., -BORDER:, :]]
    border = torch.cat([edge.flatten(2) for edge in edges], 2)  # (N, 4, 384)
    outside = torch.topk(border, border.shape[2] // 2, dim=2).values[..., -1:].unsqueeze(3)  # (N, 4, 1, 1)
    blocks = pad(max_pool2d(light, GRID // BLOCKS) - outside, (2 * REACH,) * 4)
    window = 2 * REACH + 1
    paper = -max_pool2d(-max_pool2d(blocks, window, stride=1), window, stride=1)
    return paper.square().mean((2, 3), keepdim=True), paper + outside


def slope(rough: Tensor) -> Tensor:
    """The plane through the tones, by least squares, less its mean: (N, 64, 64)."""
    place = (torch.arange(GRID, dtype=rough.dtype) + 0.5) / GRID - 0.5
    place = place / place.square().sum().sqrt()
    down, across = place[:, None].expand(GRID, GRID) / GRID**0.5, place[None, :].expand(GRID, GRID) / GRID**0.5
    falls, leans = ((rough * way).sum((1, 2), keepdim=True) for way in (down, across))  # (N, 1, 1) each
    plane: Tensor = falls * down + leans * across
    return plane


def settled_paper(light: Tensor, paper: Tensor) -> tuple[Tensor, Tensor]:
    """Paper's tone by the cells that are not ink, filled in under the ink, (N, 16, 16), and the contrast, (N, 1, 1)."""
    for _ in range(ROUNDS):
        ink = depth(smooth(paper), light)
        bare = (ink <= PAPER_BELOW * strongest(ink)).to(light.dtype)
        paper = filled(light * bare, bare)
    return paper, strongest(depth(smooth(paper), light))


def own_paper(light: Tensor, paper: Tensor, contrast: Tensor) -> Tensor:
    """Each cell's own tone where no ink is near, which follows the edges of shadows: → (N, 64, 64)."""
    paper = smooth(paper)
    inked = (depth(paper, light) > PAPER_BELOW * contrast).to(light.dtype)
    near = max_pool2d(inked, 2 * NEAR + 1, stride=1, padding=NEAR)
    return torch.where(near > 0, paper, light)


def strongest(ink: Tensor) -> Tensor:
    return torch.topk(ink.flatten(1), STRONGEST, dim=1).values[:, -1:].unsqueeze(2)


def filled(tone: Tensor, weight: Tensor) -> Tensor:
    """Mean paper of each block, or of 4 × 4 blocks, or of all, where a block shows little of it: (N, 16, 16)."""
    tones, weights = avg_pool2d(torch.stack([tone, weight], 1), GRID // BLOCKS).unbind(1)
    wide_tones, wide_weights = avg_pool2d(torch.stack([tones, weights], 1), 4).unbind(1)  # (N, 4, 4)
    paper = wide_tones.mean((1, 2), keepdim=True) / wide_weights.mean((1, 2), keepdim=True).clamp(min=TINY)
    paper = trusted(wide_tones, wide_weights, paper)
    return trusted(tones, weights, resample(paper, whole_smooth(4, BLOCKS), whole_smooth(4, BLOCKS)))


def trusted(tones: Tensor, weights: Tensor, otherwise: Tensor) -> Tensor:
    """The blocks' own means as far as a quarter of their cells is bare."""
    trust = (4 * weights).clamp(max=1)
    return trust * tones / weights.clamp(min=TINY) + (1 - trust) * otherwise


def is_ink(light: Tensor, paper: Tensor, contrast: Tensor) -> Tensor:
    """Whether the contrast is above the noise and has the sharp edges that shades lack: (N, 1, 1), 0 or 1."""
    paper = smooth(paper)
    ink = depth(paper, light)
    loud = strongest((paper - light).clamp(min=0)) > LEAST_SIGNAL_TO_NOISE * noise(light)
    across, down = (ink[:, :, 2:] - ink[:, :, :-2]).abs(), (ink[:, 2:] - ink[:, :-2]).abs()
    edge = torch.maximum(strongest(across), strongest(down))
    return (loud & (contrast > LEAST_CONTRAST) & (edge > LEAST_EDGE * contrast)).to(light.dtype)


def noise(light: Tensor) -> Tensor:
    """Deviation of the noise, (N, 1, 1), by the Laplacian mask of Immerkær (1996), from the quieter half of the cells.

    The mask's taps lie 3 cells apart: in a picture of 28 px neighbouring cells share their pixel's noise.
    """
    mask = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
    rough = conv2d(light.unsqueeze(1), mask[None, None], stride=2, dilation=3)[:, 0].abs().flatten(1)  # (N, 29 · 29)
    quieter = -torch.topk(-rough, rough.shape[1] // 2, dim=1).values  # strokes are in the other half
    return (quieter.mean(1) / QUIET_MEAN)[:, None, None]


def full_contrast(ink: Tensor, contrast: Tensor, readable: Tensor) -> Tensor:
    """Depth of ink → ink in [0, 1]: typical ink is 1; the paper's noise, measured, is cut off; 0 if not `readable`."""
    inked = (ink > PAPER_BELOW * contrast).to(ink.dtype)
    deep = ink * inked
    all_ink, deep_ink, count = (one.sum((1, 2), keepdim=True) for one in (ink, deep, inked))
    typical = ((deep * deep).sum((1, 2), keepdim=True) / deep_ink.clamp(min=TINY)).clamp(min=TINY)
    bare = ink.shape[1] * ink.shape[2] - count
    speckle = NOISE_PEAK * (all_ink - deep_ink) / bare.clamp(min=1)
    toe = (speckle / typical).clamp(TOE, MOST_TOE)
    gain = readable / (typical * (1 - toe))
    return (ink * gain - toe / (1 - toe)).clamp(0, 1)


def smooth(paper: Tensor) -> Tensor:
    return resample(paper, whole_smooth(BLOCKS, GRID), whole_smooth(BLOCKS, GRID))


def whole_smooth(cells: int, length: int) -> Tensor:
    """Weights (length, cells) that interpolate linearly between the cells' middles, and go on beyond the outer ones."""
    place = (torch.arange(length, dtype=torch.float32) + 0.5) * cells / length - 0.5
    start = torch.floor(place).clamp(0, cells - 2)[:, None]  # the cell before each place
    share = place[:, None] - start  # of the cell after it
    cell = torch.arange(cells, dtype=torch.float32)
    return torch.where(cell == start, 1 - share, torch.where(cell == start + 1, share, 0))
