"""Tells ink from paper on a rough copy: either polarity, uneven light, noise. Part of the pixels door, as torch code.

Paper is what the border and the local background show. Under each of the two hypotheses, dark ink or light ink, thin
things are closed over (grayscale morphology); the hypothesis that leaves the smoother paper is the right one, unless
the thin things themselves are clearly light or dark.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad

from recognizer.training.doors.resampling import column_sums, resample, whole

GRID = 64  # cells a side of the picture's rough copy
BORDER = 6  # cells: wider than the frames that run along the edges
THINNED = 8  # every 8th cell along the border is enough for its median
BLOCKS = 16  # blocks a side of the paper's own picture
REACH = 2  # blocks: ink up to 2 · REACH blocks (a quarter of the picture) thick is closed over
NEAR = 3  # cells: beyond it from the ink a cell is paper
CLEARLY_THIN = 0.26  # of the skewness; wide pens and noise stay within ± 0.25
ROUNDS = 2  # of telling paper from ink by what the last round found
AS_DARK = 0.13  # of the range of tones: cells so near to the darkest pixel's are ink
THINNEST = 1.6  # times fainter than its pixels a thin pen's cells may be, for that; noise is no thinner pen
WIDELY = 0.05  # what the paper within 4 blocks weighs against a block's own
ANYWHERE = 0.001  # what all paper weighs
LEAST_PAPER = 0.1  # darker paper's ink is not judged by its share of the paper, which would be noise
STRONGEST = 5  # the contrast is that of the 5th most inky of the 4,096 cells
PAPER_BELOW = 0.5  # cells of less than this share of the contrast are paper, …
SOFTEST = 0.5  # … in a picture of few pixels, whose ink is soft, of down to half as much
LEAST_CONTRAST = 0.06  # of the whole tone range
LEAST_SIGNAL_TO_NOISE = 7.0
LEAST_EDGE = 0.5  # of the contrast, …
EDGE_CELLS = 2  # … over so many cells
TOE = 0.1  # paper's share of the contrast that is cut off, more where it is noisy
MOST_TOE = 0.5
QUIET_MEAN = 6 * 0.325  # mean of the lower half of |normal|, times the norm of the noise mask
NOISE_PEAK = 7.5  # three deviations of normal noise over the mean of its positive part
TINY = 1e-6


class Sheet(NamedTuple):
    """What the rough copy tells of a picture.

    ink_is_light, readable (N, 1, 1, 1): 0 or 1; paper (N, 1, 64, 64): its tone, with the ink turned dark; least
    (N, 1, 1, 1): ink's least depth, as a share of the paper's tone; ink (N, 1, 64, 64): its share of the contrast.
    """

    ink_is_light: Tensor
    readable: Tensor
    paper: Tensor
    least: Tensor
    ink: Tensor


def sheet_of(rough: Tensor, darkest: Tensor, lightest: Tensor, cell_px: Tensor) -> Sheet:
    """What a rough copy tells, whose cells are less dark and light than the pixels that they are the means of.

    rough (N, 1, 64, 64) in [0, 1], either polarity; darkest and lightest (N, 1, 1, 1): of the picture's pixels;
    cell_px (2, 1): a cell's height and width.
    """
    ink_is_light, paper = closed_paper(rough)
    light = turned(rough, ink_is_light)  # paper is the lighter from here on
    inkiest = turned(darkest + (lightest - darkest) * ink_is_light, ink_is_light)
    below = PAPER_BELOW * cell_px.amin((0, 1)).clamp(SOFTEST, 1.0)
    sharp, paper = papers(light, paper, inkiest, below).split(1, 1)
    readable = is_ink(light, sharp, cell_px)
    ink = depth(paper, light)
    contrast = strongest(ink)
    # Each cell's own tone where no ink is near follows the edges of shadows.
    inked = (ink > below * contrast).to(light.dtype)
    near = max_pool2d(inked, 2 * NEAR + 1, stride=1, padding=NEAR)
    share = without_toe(ink / contrast.clamp(min=TINY), inked, 1 - inked)
    return Sheet(ink_is_light, readable, light + (paper - light) * near, below * contrast, share * near)


def papers(light: Tensor, paper: Tensor, inkiest: Tensor, below: Tensor) -> Tensor:
    """Two answers to what the paper's tone is, (N, 2, 64, 64): one to tell ink from noise by, one to see soft ink by.

    For the first, cells of PAPER_BELOW times the contrast or more are ink. For the second those of `below` times, and
    those as dark as the darkest pixel: ink that is too wide to be closed over.
    """
    dark = (light < inkiest + AS_DARK * (strongest(light) - inkiest)).to(light.dtype)
    dark = torch.cat([torch.zeros_like(dark), dark], 1)  # (N, 2, 64, 64)
    least = torch.cat([torch.full((1, 1, 1, 1), PAPER_BELOW), below.reshape(1, 1, 1, 1)], 1)
    for _ in range(ROUNDS):
        paper = filled(light, bare(smooth(paper), light, inkiest, least, dark))  # (N, 2, 16, 16)
    return smooth(paper)


def turned(tone: Tensor, ink_is_light: Tensor, white: Tensor | float = 1.0) -> Tensor:
    """Tones of 0 to `white`, negative where `ink_is_light`, which is 0 or 1."""
    return ink_is_light * white + tone * (1 - 2 * ink_is_light)


def depth(paper: Tensor, light: Tensor, shown: Tensor | float = 1.0) -> Tensor:
    """How much darker than its paper, as a share of the paper's tone: light falls on both alike."""
    return ((paper * shown - light) / paper.clamp(min=LEAST_PAPER)).clamp(min=0)


def bare(paper: Tensor, light: Tensor, inkiest: Tensor, least: Tensor, dark: Tensor) -> Tensor:
    """Which cells show paper alone, with no ink beside them, whose soft edges would darken it: (N, 2, 64, 64), 0 or 1.

    least (1, 2, 1, 1): the share of the contrast from which on a cell is ink; dark (N, 2, 64, 64): 1 where it must be.

    Cells of a pen thinner than they are look as pale as shadows do: the inkiest pixel tells how much of them to trust.
    """
    ink = depth(paper, light)
    contrast = strongest(ink)
    thinness = depth(paper.mean((2, 3), keepdim=True), inkiest) / contrast.clamp(min=TINY)
    inked = ink > least * (thinness.clamp(1.0, THINNEST) * contrast).clamp(min=LEAST_CONTRAST)
    return 1 - max_pool2d(torch.maximum(inked.to(ink.dtype), dark), 3, stride=1, padding=1)


def closed_paper(rough: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1, 64, 64) → whether ink is light, (N, 1, 1, 1) of 0 or 1, and the paper, ink turned dark, (N, 1, 16, 16).

    Grayscale closing by blocks, with paper of the border's median tone all around. Each hypothesis is tried on the
    tones as they are and on the tones less their slope, and judged with nothing all around: a lit corner of a sheet in
    shadow, which would be closed over as if it were light ink, stays.
    """
    tilt = slope(rough)
    tones = torch.cat([rough, rough - tilt], 1)  # (N, 2, 64, 64)
    outside = border_median(tones)  # (N, 2, 1, 1)
    raised = tones - outside
    blocks = max_pool2d(torch.cat([raised, -raised], 1), GRID // BLOCKS)  # dark ink, light ink, less its slope or not
    unlike = closed(blocks)
    roughness = closed_within(blocks).square().mean((2, 3), keepdim=True) + by_hypothesis(0, 0, TINY, TINY)
    roughness = roughness + (lightness_of_thin_things(rough) * by_hypothesis(1, 1, -1, -1) > CLEARLY_THIN)  # ruled out
    chosen = (torch.argmin(roughness, 1, keepdim=True) == by_hypothesis(0, 1, 2, 3)).to(rough.dtype)  # (N, 4, 1, 1)
    slopes = avg_pool2d(tilt, GRID // BLOCKS) * by_hypothesis(0, 1, 0, -1)
    paper = ((unlike + torch.cat([outside, 1 - outside], 1) + slopes) * chosen).sum(1, keepdim=True)
    return (chosen * by_hypothesis(0, 0, 1, 1)).sum(1, keepdim=True), paper


def lightness_of_thin_things(rough: Tensor) -> Tensor:
    """How light a picture's thin things are, from -1, all dark, to 1: (N, 1, 1, 1).

    It is the skewness of the cells' differences to those around, at two scales. A stroke is much unlike what is around
    it, the paper beside it only a little; soft shadows and the edges of wide things have two sides alike. Beyond the
    picture it goes on as at its edge. A line along the edge is wide then, and the paper beside it thin: it is 0 where
    the picture's mirror image, there, says the contrary.
    """
    going_on, mirrored = (lightness_within(pad(rough, (4, 4, 4, 4), mode=mode)) for mode in ("replicate", "reflect"))
    return torch.where(going_on * mirrored > 0, going_on, 0.0)


def lightness_within(around: Tensor) -> Tensor:
    """The same, of all cells but the four outermost: (N, 1, 72, 72) → (N, 1, 1, 1)."""
    over_3, over_5, over_9 = (avg_pool2d(around, side, stride=1) for side in (3, 5, 9))
    fine, coarse = around[..., 4:-4, 4:-4] - over_5[..., 2:-2, 2:-2], over_3[..., 3:-3, 3:-3] - over_9
    return (skewness(fine) + skewness(coarse)) / 2


def skewness(differences: Tensor) -> Tensor:
    """Of a distribution around 0, in [-1, 1]: (N, 1, 64, 64) → (N, 1, 1, 1)."""
    cubes = differences * differences * differences
    return cubes.sum((2, 3), keepdim=True) / cubes.abs().sum((2, 3), keepdim=True).clamp(min=TINY)


def by_hypothesis(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)[:, None, None]


def closed(blocks: Tensor) -> Tensor:
    """Grayscale closing: each block's lightest tone, less the border's median → the paper's, (N, 4, 16, 16) both."""
    window = 2 * REACH + 1
    around = pad(blocks, (2 * REACH,) * 4)
    return -max_pool2d(-max_pool2d(around, window, stride=1), window, stride=1)


def closed_within(blocks: Tensor) -> Tensor:
    """The same, but what lies at an edge goes on beyond it."""
    window = 2 * REACH + 1
    return -max_pool2d(-max_pool2d(blocks, window, 1, REACH), window, 1, REACH)


def border_median(tones: Tensor) -> Tensor:
    """Of every 8th cell along the border, 6 cells deep: (N, 2, 64, 64) → (N, 2, 1, 1)."""
    place = torch.arange(GRID * GRID).reshape(GRID, GRID)
    upright, lying = place[THINNED // 2 :: THINNED], place[:, THINNED // 2 :: THINNED]
    edges = [upright[:, :BORDER], upright[:, -BORDER:], lying[:BORDER], lying[-BORDER:]]
    cells = torch.cat([edge.flatten() for edge in edges])  # (192,)
    higher = torch.topk(tones.flatten(2).index_select(2, cells), len(cells) // 2 + 1, dim=2).values
    return higher[..., -2:].mean(2, keepdim=True).unsqueeze(3)


def slope(rough: Tensor) -> Tensor:
    """The plane through the tones, by least squares, less its mean: (N, 1, 64, 64)."""
    place = (torch.arange(GRID, dtype=rough.dtype) + 0.5) / GRID - 0.5
    place = place / (place.square().sum() * GRID).sqrt()
    down, across = place[:, None], place[None]  # (64, 1), (1, 64)
    falls = column_sums(rough.sum(3, keepdim=True) * down) * down  # (N, 1, 64, 1)
    leans = (column_sums(rough) * across).sum(3, keepdim=True) * across  # (N, 1, 1, 64)
    return falls + leans


def strongest(ink: Tensor) -> Tensor:
    """(N, 1, …) → (N, 1, 1, 1)."""
    return torch.topk(ink.flatten(2), STRONGEST, dim=2).values[..., -1:].unsqueeze(3)


def filled(light: Tensor, bare: Tensor) -> Tensor:
    """Mean of each block's bare cells; where there are few, that of those around it, or of all: (N, 2, 16, 16)."""
    seen = avg_pool2d(torch.cat([light * bare, bare], 1), GRID // BLOCKS)  # (N, 4, 16, 16): tones, weights
    around = torch.matmul(whole_smooth(4, BLOCKS), whole(4, BLOCKS) * (WIDELY**0.5 * 4 / BLOCKS))  # (16, 16)
    seen = seen + resample(seen, around, around) + ANYWHERE * seen.mean((2, 3), keepdim=True)
    tones, weights = seen.split(2, 1)
    mean: Tensor = (tones + TINY) / (weights + TINY)  # white where there is no paper at all
    return mean


def is_ink(light: Tensor, paper: Tensor, cell_px: Tensor) -> Tensor:
    """Whether the contrast is above the noise and has the sharp edges that shades lack: (N, 1, 1, 1), 0 or 1.

    In a small picture, whose cells are less than a pixel, edges are as blurred as its few pixels allow.
    """
    ink = depth(paper, light)
    contrast = strongest(ink)
    loud = strongest((paper - light).clamp(min=0)) > LEAST_SIGNAL_TO_NOISE * noise(light)
    across = ink[..., EDGE_CELLS:] - ink[..., :-EDGE_CELLS]
    down = ink[..., EDGE_CELLS:, :] - ink[..., :-EDGE_CELLS, :]
    edge = strongest(torch.cat([across.flatten(2), down.flatten(2)], 2).abs())
    sharp = edge > contrast * (LEAST_EDGE * cell_px.amin((0, 1)).clamp(max=1))
    return (loud & sharp & (contrast > LEAST_CONTRAST)).to(light.dtype)


def noise(light: Tensor) -> Tensor:
    """Deviation of the noise, (N, 1, 1, 1), by the Laplacian mask of Immerkær (1996), from the quieter half of cells.

    The mask's taps lie 3 cells apart: in a picture of 28 px neighbouring cells share their pixel's noise.
    """
    mask = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
    rough = conv2d(light, mask[None, None], stride=4, dilation=3).abs().flatten(2)  # (N, 1, 15 · 15)
    quieter = torch.topk(rough, rough.shape[2] // 2, dim=2, largest=False).values  # strokes are in the other half
    return quieter.mean(2, keepdim=True).unsqueeze(3) / QUIET_MEAN


def full_contrast(ink: Tensor, sheet: Sheet, shown: Tensor) -> Tensor:
    """Depth of ink → ink in [0, 1]: typical ink is 1; the paper's noise, measured, is cut off; 0 if not readable.

    All (N, 1, L, L); shown: how much of each cell the picture covers.
    """
    inked = (ink > sheet.least).to(ink.dtype)
    deep = ink * inked
    typical = (deep * deep).sum((2, 3), keepdim=True) / deep.sum((2, 3), keepdim=True).clamp(min=TINY)
    ink = ink * (sheet.readable / typical.clamp(min=TINY))
    return without_toe(ink, inked, shown - inked).clamp(max=1)


def without_toe(ink: Tensor, inked: Tensor, bare: Tensor) -> Tensor:
    """Less the paper's noise, as it shows where no ink is; full contrast stays full contrast."""
    speckle = (ink - ink * inked).sum((2, 3), keepdim=True) / bare.sum((2, 3), keepdim=True).clamp(min=1)
    toe = (NOISE_PEAK * speckle).clamp(TOE, MOST_TOE)
    return ((ink - toe) / (1 - toe)).clamp(min=0)


def smooth(paper: Tensor) -> Tensor:
    return resample(paper, whole_smooth(BLOCKS, GRID), whole_smooth(BLOCKS, GRID))


def whole_smooth(cells: int, length: int) -> Tensor:
    """Weights (length, cells) that interpolate linearly between the cells' middles, and go on beyond the outer ones."""
    place = (torch.arange(length, dtype=torch.float32) + 0.5) * cells / length - 0.5
    start = torch.floor(place).clamp(0, cells - 2)[:, None]  # the cell before each place
    share = place[:, None] - start  # of the cell after it
    cell = torch.arange(cells, dtype=torch.float32)
    return torch.where(cell == start, 1 - share, torch.where(cell == start + 1, share, 0))
