"""Tells ink from paper on a rough copy of a picture: uneven light, noise, pale lines. Part of the pixels door.

`polarity.py` gives a first estimate of the paper. Here, cells of ink are left out of it, and it is estimated again.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad

from recognizer.training.doors.polarity import BLOCKS, constants, polarity_and_paper
from recognizer.training.doors.resampling import GRID, axis_weights, resample

NEAR = 3  # cells: farther than this from the ink, all is paper
WIDEST = 9  # cells: wider things are not closed over
LOCAL = 6  # cells: the contrast around a cell is that within this distance
GRADUAL = 0.5  # ink gets paler gradually if its contrast falls to more than this share from one step to the next
BESIDE = 1  # cell: a pale line is compared with the darkest line this near, …
PALER = 0.5  # … with this share of the darkest within LOCAL cells, …
PALEST = 0.3  # … and with this share of the darkest of all
NOISES = 6.5  # deviations: closing alone makes noise seem 6 deviations deep
ROUNDS = 2  # of telling ink from paper, each by the paper of the last round
AS_DARK = 0.13  # of the range of tones: cells this near to the darkest pixel are ink
THINNEST = 1.6  # a thin pen's cells are at most this many times fainter than its pixels; noise seems thinner
WIDELY = 0.05  # weight of the paper within 4 blocks, against a block's own
ANYWHERE = 0.001  # weight of all paper
LEAST_PAPER = 0.1  # tone: on darker paper, ink is a share of this, since a share of the paper would be noise
STRONGEST = 5  # the contrast is that of the 5th most inky of the 4,096 cells
PAPER_BELOW = 0.5  # cells of less than this share of the contrast are paper, …
SOFTEST = 0.5  # … or down to half as much in a picture of few pixels, whose ink is soft
LEAST_CONTRAST = 0.06  # of the whole tone range
LEAST_PALE = 0.01  # of the whole tone range: rounding errors of 1e-7 look like lines
FAINTEST = 0.035  # of the whole tone range: the least contrast of thin lines
LEAST_SIGNAL_TO_NOISE = 7.0
LEAST_EDGE = 0.5  # a sharp edge has at least this share of the contrast …
EDGE_CELLS = 2  # … across this many cells
QUIET_MEAN = 6 * 0.325  # mean of the lower half of |normal|, times the norm of the noise mask
TINY = 1e-6


class Sheet(NamedTuple):
    """The paper and the ink of a picture, found on its rough copy.

    ink_is_light, readable (N, 1, 1, 1): 0 or 1.
    paper (N, 1, 64, 64): the paper's tone, inverted if the ink is light.
    contrast (N, 1, 64, 64): the depth of the darkest ink near each cell, as a share of the paper's tone.
    ink (N, 1, 64, 64): the depth of the ink, as a share of the paper's tone; 0 where no ink is.
    closed (N, 1, 64, 64): the first estimate of the paper.
    """

    ink_is_light: Tensor
    readable: Tensor
    paper: Tensor
    contrast: Tensor
    ink: Tensor
    closed: Tensor


class Known(NamedTuple):
    """What an earlier look at a picture has found.

    ink_is_light (N, 1, 1, 1), closed (N, 1, 64, 64): as in `Sheet`; out (N, 1, 64, 64): 1 for cells that are neither
    paper nor ink.
    """

    ink_is_light: Tensor
    closed: Tensor
    out: Tensor


def sheet_of(rough: Tensor, darkest: Tensor, lightest: Tensor, cell_px: Tensor, known: Known | None = None) -> Sheet:
    """Tell ink from paper on a rough copy.

    rough (N, 1, 64, 64) in [0, 1], either polarity; darkest and lightest (N, 1, 1, 1): of the picture's pixels, because
    cells are means, and less dark and light; cell_px (N or 1, 2, 1): a cell's height and width. known: what an
    earlier look has found.
    """
    if known is None:
        ink_is_light, paper = polarity_and_paper(rough)
        paper, out = smooth(paper), torch.zeros_like(rough)
    else:
        ink_is_light, paper, out = known
    closed = paper
    light = invert_where(ink_is_light, rough)  # from here on, paper is lighter than ink
    light = light + (paper - light) * out
    inkiest = invert_where(ink_is_light, darkest + (lightest - darkest) * ink_is_light)
    below = least_ink(cell_px)
    thin = depth(close_over(light), light)
    pale = pale_lines(thin, below, noise(light) / paper.clamp(min=LEAST_PAPER))
    sharp, paper = paper_tones(light, paper, inkiest, below, torch.maximum(out, pale)).split(1, 1)
    light = light + (paper - light) * out
    readable = is_ink(light, sharp, thin, cell_px)
    ink = depth(paper, light)
    contrast = strongest(ink)
    inked = torch.maximum((ink > below * contrast).to(light.dtype), pale * (1 - out))
    # Where no ink is near, a cell's own tone is the paper: it follows the edges of shadows.
    near = max_pool2d(inked, 2 * NEAR + 1, stride=1, padding=NEAR)
    paper = light + (paper - light) * near
    return Sheet(ink_is_light, readable, paper, local_contrast(ink * inked, contrast), ink * inked, closed)


def local_contrast(ink: Tensor, contrast: Tensor) -> Tensor:
    """Return the depth of the darkest ink around each cell, where a pen grows paler little by little: (N, 1, 64, 64).

    Elsewhere, it is that of all ink: what is suddenly paler is not the same pen.
    """
    near, wide, widest = (around_of(ink, reach) for reach in (LOCAL, 2 * LOCAL, 4 * LOCAL))
    little = (near > GRADUAL * wide) & (wide > GRADUAL * widest) & (widest > GRADUAL * contrast)
    around = torch.where(little, near, contrast)
    return avg_pool2d(pad(around, (LOCAL,) * 4, mode="replicate"), 2 * LOCAL + 1, 1).clamp(min=TINY)


def pale_lines(thin: Tensor, below: Tensor, deviation: Tensor) -> Tensor:
    """Return 1 for cells of lines that are paler than the darkest ink, but stand out from what is around them.

    thin (N, 1, 64, 64): how much darker cells are than the picture without thin things; deviation: the noise's.
    """
    shares = torch.maximum(
        around_of(thin, BESIDE), torch.maximum(PALER * around_of(thin, LOCAL), PALEST * strongest(thin))
    )
    least = torch.maximum(below * shares, NOISES * deviation).clamp(min=LEAST_PALE)
    return (thin > least).to(thin.dtype)


def close_over(light: Tensor) -> Tensor:
    """Close over what is thinner than WIDEST cells (grayscale closing). Edges of shadows stay, however soft.

    The picture is continued by its edge cells, or a slope would seem to have lines along the edges.
    """
    light = pad(light, (WIDEST - 1,) * 4, mode="replicate")
    for sign in (1, -1):
        light = sign * max_pool2d(max_pool2d(sign * light, (WIDEST, 1), 1), (1, WIDEST), 1)
    return light


def around_of(ink: Tensor, reach: int) -> Tensor:
    """Return the most ink within `reach` cells. Rows and columns one after the other: this saves much time."""
    window = 2 * reach + 1
    return max_pool2d(max_pool2d(ink, (window, 1), 1, (reach, 0)), (1, window), 1, (0, reach))


def least_ink(cell_px: Tensor) -> Tensor:
    """Return the share of the contrast below which a cell is paper, (N, 1, 1, 1). cell_px (N, 2, 1): its sides."""
    return PAPER_BELOW * cell_px.amin(1, keepdim=True).clamp(SOFTEST, 1.0).unsqueeze(3)


def paper_tones(light: Tensor, paper: Tensor, inkiest: Tensor, below: Tensor, out: Tensor) -> Tensor:
    """Return two estimates of the paper's tone, (N, 2, 64, 64): one to tell ink from noise, one to see soft ink.

    For the first, cells of at least PAPER_BELOW times the contrast are ink. For the second, cells of at least `below`
    times the contrast are ink, and cells about as dark as the darkest pixel: ink that is too wide to be closed over.
    """
    dark = (light < inkiest + AS_DARK * (strongest(light) - inkiest)).to(light.dtype)
    dark = torch.cat([out, torch.maximum(dark, out)], 1)  # (N, 2, 64, 64)
    least = torch.cat([torch.full_like(below, PAPER_BELOW), below], 1)
    for _ in range(ROUNDS):
        paper = smooth(fill_paper(light, bare_paper(paper, light, inkiest, least, dark)))  # (N, 2, 64, 64)
    return paper


def invert_where(inverted: Tensor, tone: Tensor, white: Tensor | float = 1.0) -> Tensor:
    """Return tones of 0 to `white`, inverted where `inverted` is 1, unchanged where it is 0."""
    return inverted * white + tone * (1 - 2 * inverted)


def depth(paper: Tensor, light: Tensor) -> Tensor:
    """Return how much darker the ink is, as a share of the paper's tone: light falls on both alike."""
    return ((paper - light) / paper.clamp(min=LEAST_PAPER)).clamp(min=0)


def bare_paper(paper: Tensor, light: Tensor, inkiest: Tensor, least: Tensor, dark: Tensor) -> Tensor:
    """Return 1 for cells that show only paper, else 0: (N, 2, 64, 64). Cells beside ink are 0: its edges are soft.

    least (1, 2, 1, 1): the share of the contrast from which on a cell is ink; dark (N, 2, 64, 64): 1 if it must be ink.

    Cells of a pen thinner than a cell are as pale as shadows. The inkiest pixel tells how thin the pen is.
    """
    ink = depth(paper, light)
    contrast = strongest(ink)
    thinness = depth(paper.mean((2, 3), keepdim=True), inkiest) / contrast.clamp(min=TINY)
    inked = ink > least * (thinness.clamp(1.0, THINNEST) * contrast).clamp(min=LEAST_CONTRAST)
    return 1 - max_pool2d(torch.maximum(inked.to(ink.dtype), dark), 3, stride=1, padding=1)


def strongest(ink: Tensor) -> Tensor:
    """Return the 5th largest value: (N, 1, …) → (N, 1, 1, 1)."""
    return torch.topk(ink.flatten(2), STRONGEST, dim=2).values[..., -1:].unsqueeze(3)


def fill_paper(light: Tensor, bare: Tensor) -> Tensor:
    """Return the mean of each block's bare cells; if it has few, of those around it or of all: (N, 2, 16, 16)."""
    seen = avg_pool2d(torch.cat([light * bare, bare], 1), GRID // BLOCKS)  # (N, 4, 16, 16): tones, weights
    around = torch.matmul(linear_weights(4, BLOCKS), axis_weights(4, BLOCKS) * (WIDELY**0.5 * 4 / BLOCKS))  # (16, 16)
    seen = seen + resample(seen, around, around) + ANYWHERE * seen.mean((2, 3), keepdim=True)
    tones, weights = seen.split(2, 1)
    mean: Tensor = (tones + TINY) / (weights + TINY)  # white if no cell is bare
    return mean


def is_ink(light: Tensor, paper: Tensor, thin: Tensor, cell_px: Tensor) -> Tensor:
    """Return 1 if the contrast is above the noise and has the sharp edges that shadows lack, else 0: (N, 1, 1, 1).

    In a small picture a cell is less than a pixel. Its edges may be as blurred as its pixels make them.
    """
    ink = depth(paper, light)
    contrast = strongest(ink)
    loud = strongest((paper - light).clamp(min=0)) > LEAST_SIGNAL_TO_NOISE * noise(light)
    across = ink[..., EDGE_CELLS:] - ink[..., :-EDGE_CELLS]
    down = ink[..., EDGE_CELLS:, :] - ink[..., :-EDGE_CELLS, :]
    edge = strongest(torch.cat([across.flatten(2), down.flatten(2)], 2).abs())
    sharp = edge > contrast * (LEAST_EDGE * cell_px.amin(1, keepdim=True).unsqueeze(3).clamp(max=1))
    strong = (contrast > LEAST_CONTRAST) | (strongest(thin) > FAINTEST)
    return (loud & sharp & strong).to(light.dtype)


def noise(light: Tensor) -> Tensor:
    """Return the noise's deviation, (N, 1, 1, 1): Immerkær's Laplacian mask (1996) on the quieter half of the cells.

    The mask's taps lie 3 cells apart: in a picture of 28 px neighbouring cells share their pixel's noise.
    """
    curve = constants(1.0, -2.0, 1.0)
    mask = curve[:, None] * curve
    rough = conv2d(light, mask[None, None], stride=4, dilation=3).abs().flatten(2)  # (N, 1, 15 · 15)
    quieter = torch.topk(rough, rough.shape[2] // 2, dim=2, largest=False).values  # strokes are in the other half
    return quieter.mean(2, keepdim=True).unsqueeze(3) / QUIET_MEAN


def smooth(paper: Tensor) -> Tensor:
    """Interpolate linearly: (N, C, 16, 16) → (N, C, 64, 64)."""
    return resample(paper, linear_weights(BLOCKS, GRID), linear_weights(BLOCKS, GRID))


def linear_weights(cells: int, length: int) -> Tensor:
    """Return weights (length, cells) that interpolate linearly between the cells' middles and extrapolate beyond."""
    place = (torch.arange(length, dtype=torch.float32) + 0.5) * cells / length - 0.5
    start = torch.floor(place).clamp(0, cells - 2)[:, None]  # the cell before each place
    share = place[:, None] - start  # of the cell after it
    cell = torch.arange(cells, dtype=torch.float32)
    return torch.where(cell == start, 1 - share, torch.where(cell == start + 1, share, 0))
