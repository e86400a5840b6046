"""Tells whether the ink is dark or light, and estimates the paper beneath it. Part of the pixels door.

There are two hypotheses, dark ink and light ink. Under each, thin things are closed over (grayscale morphology). The
hypothesis that leaves the smoother paper is right, unless the thin things themselves are clearly light or dark.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d, pad

from recognizer.training.doors.resampling import GRID, column_sums

BORDER = 6  # cells: wider than frames along the edges
THINNED = 8  # every 8th cell along the border is enough for its median
BLOCKS = 16  # blocks a side of the estimated paper
REACH = 2  # blocks: ink up to 2 · REACH blocks (a quarter of the picture) thick is closed over
CLEARLY_THIN = 0.26  # skewness of thin things that are clearly light or dark; wide pens and noise stay within ± 0.25
TINY = 1e-6


def polarity_and_paper(rough: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1, 64, 64) → 1 if the ink is light, else 0, (N, 1, 1, 1), and the paper, inverted if it is, (N, 1, 16, 16).

    Grayscale closing by blocks, as if paper of the border's median tone lay around the picture. Each hypothesis is
    tried twice, on the tones and on the tones without their slope. The roughness is judged by a closing with nothing
    around the picture: it keeps a lit corner of a sheet in shadow, which the other would close over like light ink.
    """
    tilt = slope(rough)
    tones = torch.cat([rough, rough - tilt], 1)  # (N, 2, 64, 64)
    outside = border_median(tones)  # (N, 2, 1, 1)
    raised = tones - outside
    blocks = max_pool2d(torch.cat([raised, -raised], 1), GRID // BLOCKS)  # dark ink, light ink; each also without slope
    relative = close(blocks)
    roughness = close_within(blocks).square().mean((2, 3), keepdim=True) + by_hypothesis(0, 0, TINY, TINY)
    roughness = roughness + (lightness_of_thin_things(rough) * by_hypothesis(1, 1, -1, -1) > CLEARLY_THIN)  # ruled out
    chosen = (torch.argmin(roughness, 1, keepdim=True) == by_hypothesis(0, 1, 2, 3)).to(rough.dtype)  # (N, 4, 1, 1)
    slopes = avg_pool2d(tilt, GRID // BLOCKS) * by_hypothesis(0, 1, 0, -1)
    paper = ((relative + torch.cat([outside, 1 - outside], 1) + slopes) * chosen).sum(1, keepdim=True)
    return (chosen * by_hypothesis(0, 0, 1, 1)).sum(1, keepdim=True), paper


def lightness_of_thin_things(rough: Tensor) -> Tensor:
    """Return how light a picture's thin things are, from -1, all dark, to 1, all light: (N, 1, 1, 1).

    This is the skewness of the differences between cells and their surroundings, at two scales. A stroke differs much
    from its surroundings, the paper beside it only a little; soft shadows and edges of wide things are symmetric.

    Beyond its edges the picture is continued, once by its edge cells and once by its mirror image. The edge cells turn
    a line along the edge into a wide thing and the paper beside it into a thin one. If the two disagree, 0 is returned.
    """
    continued, mirrored = (lightness_within(pad(rough, (4, 4, 4, 4), mode=mode)) for mode in ("replicate", "reflect"))
    return torch.where(continued * mirrored > 0, continued, 0.0)


def lightness_within(around: Tensor) -> Tensor:
    """Return the mean skewness at two scales, without four cells along each edge: (N, 1, 72, 72) → (N, 1, 1, 1)."""
    over_3, over_5, over_9 = (avg_pool2d(around, side, stride=1) for side in (3, 5, 9))
    fine, coarse = around[..., 4:-4, 4:-4] - over_5[..., 2:-2, 2:-2], over_3[..., 3:-3, 3:-3] - over_9
    return (skewness(fine) + skewness(coarse)) / 2


def skewness(differences: Tensor) -> Tensor:
    """Return how skew a distribution around 0 is, in [-1, 1]: (N, 1, 64, 64) → (N, 1, 1, 1)."""
    cubes = differences * differences * differences
    return cubes.sum((2, 3), keepdim=True) / cubes.abs().sum((2, 3), keepdim=True).clamp(min=TINY)


def by_hypothesis(*values: float) -> Tensor:
    """Return one value for each of dark ink, dark ink without slope, light ink, light ink without slope: (4, 1, 1)."""
    return constants(*values)[:, None, None]


def constants(*values: float) -> Tensor:
    """Return a vector. `torch.tensor` cannot be exported within `torch.cond`."""
    return torch.cat([torch.full((1,), value) for value in values])


def close(blocks: Tensor) -> Tensor:
    """Close over ink: each block's lightest tone → the paper's, both (N, 4, 16, 16), less the border's median."""
    window = 2 * REACH + 1
    around = pad(blocks, (2 * REACH,) * 4)
    return -max_pool2d(-max_pool2d(around, window, stride=1), window, stride=1)


def close_within(blocks: Tensor) -> Tensor:
    """Like `close`, with nothing around the picture instead of the border's median."""
    window = 2 * REACH + 1
    return -max_pool2d(-max_pool2d(blocks, window, 1, REACH), window, 1, REACH)


def border_median(tones: Tensor) -> Tensor:
    """Return the median of every 8th cell along the border, 6 cells deep: (N, 2, 64, 64) → (N, 2, 1, 1)."""
    place = torch.arange(GRID * GRID).reshape(GRID, GRID)
    upright, lying = place[THINNED // 2 :: THINNED], place[:, THINNED // 2 :: THINNED]
    edges = [upright[:, :BORDER], upright[:, -BORDER:], lying[:BORDER], lying[-BORDER:]]
    cells = torch.cat([edge.flatten() for edge in edges])  # (192,)
    higher = torch.topk(tones.flatten(2).index_select(2, cells), len(cells) // 2 + 1, dim=2).values
    return higher[..., -2:].mean(2, keepdim=True).unsqueeze(3)


def slope(rough: Tensor) -> Tensor:
    """Return the plane through the tones, by least squares, less its mean: (N, 1, 64, 64)."""
    place = (torch.arange(GRID, dtype=rough.dtype) + 0.5) / GRID - 0.5
    place = place / (place.square().sum() * GRID).sqrt()
    down, across = place[:, None], place[None]  # (64, 1), (1, 64)
    falls = column_sums(rough.sum(3, keepdim=True) * down) * down  # (N, 1, 64, 1)
    leans = (column_sums(rough) * across).sum(3, keepdim=True) * across  # (N, 1, 1, 64)
    return falls + leans
