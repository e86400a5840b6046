"""Ink as it lies on real paper: pen colours, light and shade, noise, blur, specks, stray lines. In whole batches.

Each effect has its own chance; a picture gets about two of them.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, avg_pool2d, conv2d, grid_sample, interpolate, max_pool2d

from recognizer.training.distortion import normal, uniform
from recognizer.training.strokes_door import SIDE_PX, render

OUTLINED = 0.1  # share of pictures; the others likewise
CROSSED = 0.1
SCRAWLED = 0.1
SPECKED = 0.1
FIELDED = 0.12
RUN = 0.08
STREAKED = 0.08
BLURRED = 0.2
GRAINY = 0.12
SHADED = 0.5
NOISY = 0.3
MOST_NOISE = 0.12  # deviation, of the whole tone range
MOST_LOST = 0.2  # of the pixels
LEAST_CONTRAST = 0.3  # of the whole tone range


def degraded(ink: Tensor, generator: Generator) -> Tensor:
    """(n, H, W) ink in [0, 1] → (n, H, W) uint8 tones of either polarity."""
    ink = outlined(ink, generator)
    ink = torch.maximum(ink, lines(ink, generator))
    ink = changed(ink, SCRAWLED, scrawled, generator)
    ink = torch.maximum(ink, specks(ink, generator))
    ink = changed(ink, FIELDED, fielded, generator)
    ink = changed(ink, RUN, run, generator)
    ink = changed(ink, STREAKED, streaked, generator)
    ink = blurred(ink, generator)
    tone = changed(shaded(ink, generator), GRAINY, grainy, generator)
    return noisy(tone, generator)


def changed(ink: Tensor, share: float, effect: Callable[[Tensor, Generator], Tensor], generator: Generator) -> Tensor:
    """`effect` on a share of the pictures, and on no others: it may be slow."""
    chosen = torch.rand(len(ink), generator=generator) < share
    if not chosen.any():
        return ink
    ink = ink.clone()
    ink[chosen] = effect(ink[chosen], generator)
    return ink


def some(ink: Tensor, share: float, generator: Generator) -> Tensor:
    """(n, 1, 1) float, 1 for the chosen."""
    return (torch.rand(len(ink), 1, 1, generator=generator) < share).to(ink.dtype)


def outlined(ink: Tensor, generator: Generator) -> Tensor:
    """The rim of the ink, where it is broad enough to have one."""
    inside = -max_pool2d(-ink.unsqueeze(1), 3, 1, 1)[:, 0]
    return ink - inside * some(ink, OUTLINED, generator)


def lines(ink: Tensor, generator: Generator) -> Tensor:
    """A straight thin line of any tone from edge to edge: ruled paper, a form's line, a strike."""
    side = ink.shape[2]
    down, right = (torch.arange(length) - length / 2 for length in ink.shape[1:])
    angle = torch.where(
        torch.rand(len(ink), 1, 1, generator=generator) < 0.5,
        torch.randint(0, 2, (len(ink), 1, 1), generator=generator) * torch.pi / 2,
        uniform(generator, 0, torch.pi, len(ink), 1, 1),
    )
    offset = uniform(generator, -0.5, 0.5, len(ink), 1, 1) * side
    distance = (angle.cos() * down[None, :, None] + angle.sin() * right[None, None, :] - offset).abs()
    wide = uniform(generator, 0.5, 1.5, len(ink), 1, 1) * side / 28
    tone = uniform(generator, 0.2, 1, len(ink), 1, 1)
    return tone * (wide / 2 - distance + 0.5).clamp(0, 1) * some(ink, CROSSED, generator)


def specks(ink: Tensor, generator: Generator) -> Tensor:
    """Dust and drops of ink, none of them as large as a digit's parts."""
    count, height, width = ink.shape
    size = int(torch.randint(1, 4, (1,), generator=generator))
    rough = torch.rand(count, 1, height // size, width // size, generator=generator)
    rare = uniform(generator, 0.005, 0.04, count, 1, 1, 1)
    drops = interpolate((rough < rare).to(ink.dtype), size=(height, width), mode="bilinear")[:, 0]
    return drops * uniform(generator, 0.3, 1, count, 1, 1) * some(ink, SPECKED, generator)


def fielded(ink: Tensor, generator: Generator) -> Tensor:
    """On paper of two colours: where it is dark, ink is as light as the paper is elsewhere."""
    first, second = (field(ink, generator) for _ in range(2))
    twice = torch.rand(len(ink), 1, 1, generator=generator) < 0.5
    return torch.where(first ^ (second & twice), 1 - ink, ink)


def field(ink: Tensor, generator: Generator) -> Tensor:
    """(n, H, W) bool: a disc, or all that lies to one side of a straight edge."""
    height, width = ink.shape[1:]
    down, right = (torch.linspace(-0.5, 0.5, length) for length in (height, width))
    middle = uniform(generator, -0.6, 0.6, 2, len(ink), 1, 1)
    down, right = down[None, :, None] - middle[0], right[None, None, :] - middle[1]
    disc = torch.hypot(down, right) < uniform(generator, 0.1, 0.5, len(ink), 1, 1)
    angle = uniform(generator, 0, 2 * torch.pi, len(ink), 1, 1)
    edge = angle.cos() * down + angle.sin() * right > 0
    return torch.where(torch.rand(len(ink), 1, 1, generator=generator) < 0.5, disc, edge)


def scrawled(ink: Tensor, generator: Generator) -> Tensor:
    """With a nervous thin line across: 4 to 12 knots along a straight way, each beside it, some bits left out."""
    count, knots = len(ink), int(torch.randint(4, 13, (1,), generator=generator))
    along = (torch.arange(knots) - (knots - 1) / 2) / (knots - 1) + normal(generator, 0.2 / knots, count, knots)
    along = along * uniform(generator, 0.6, 1.3, count, 1) * SIDE_PX
    beside = normal(generator, uniform(generator, 0, 0.1, count, 1) * SIDE_PX, count, knots)
    beside = beside + uniform(generator, -0.5, 0.5, count, 1) * SIDE_PX
    angle = uniform(generator, 0, torch.pi, count, 1)
    x, y = angle.cos() * along - angle.sin() * beside, angle.sin() * along + angle.cos() * beside
    gaps = torch.rand(count, knots - 1, 1, generator=generator) < uniform(generator, -0.3, 0.5, count, 1, 1)
    x = torch.where(gaps, 10.0 * SIDE_PX, torch.stack([x[:, :-1], x[:, 1:]], 2))
    y = torch.stack([y[:, :-1], y[:, 1:]], 2)
    line = render(x, y, uniform(generator, 0.5, 2, count, 1, 1), ink.shape[1])
    return torch.maximum(ink, line * uniform(generator, 0.4, 1, count, 1, 1))


def run(ink: Tensor, generator: Generator) -> Tensor:
    """Ink that runs into rough paper: every pixel shows what lies a little beside it."""
    count, height, width = ink.shape
    reach = uniform(generator, 0.3, 1.2, count, 1, 1, 1) * 2 / SIDE_PX
    still = torch.eye(2, 3).expand(count, 2, 3)
    grid = affine_grid(still, [count, 1, height, width], align_corners=False)
    grid = grid + normal(generator, reach, count, height, width, 2)
    return grid_sample(ink.unsqueeze(1), grid, mode="bilinear", align_corners=False)[:, 0]


def streaked(ink: Tensor, generator: Generator) -> Tensor:
    """Moved while it was photographed: the mean along a line of up to 9 px of 28, in any direction."""
    reach = 5 * round(ink.shape[1] / SIDE_PX)
    place = torch.arange(-reach, reach + 1.0)
    angle = uniform(generator, 0, torch.pi, len(ink), 1, 1)
    along = (angle.cos() * place[None, None, :] + angle.sin() * place[None, :, None]).abs()
    across = (angle.cos() * place[None, :, None] - angle.sin() * place[None, None, :]).abs()
    half = uniform(generator, 0.2, 0.9, len(ink), 1, 1) * reach
    kernels = (half - along + 0.5).clamp(0, 1) * (1 - across).clamp(min=0)
    kernels = kernels / kernels.sum((1, 2), keepdim=True)
    return conv2d(ink.unsqueeze(0), kernels.unsqueeze(1), padding=reach, groups=len(ink))[0]


def grainy(tone: Tensor, generator: Generator) -> Tensor:
    """Up to a fifth of the pixels lost to any tone, mostly to one of the ends."""
    lost = torch.rand(tone.shape, generator=generator) < uniform(generator, 0, MOST_LOST, len(tone), 1, 1)
    return torch.where(lost, (0.5 + normal(generator, 0.7, *tone.shape)).clamp(0, 1), tone)


def blurred(ink: Tensor, generator: Generator) -> Tensor:
    """By up to a box of 3 × 3 pixels, at times twice, and once more where the picture is large."""
    soft = ink.unsqueeze(1)
    for _ in range(int(torch.randint(1, 3, (1,), generator=generator)) + (ink.shape[1] > 40)):
        soft = avg_pool2d(soft, 3, 1, 1)
    share = uniform(generator, 0, 1, len(ink), 1, 1) * some(ink, BLURRED, generator)
    return ink + share * (soft[:, 0] - ink)


def shaded(ink: Tensor, generator: Generator) -> Tensor:
    """Tones in [0, 1]: paper and pen of any two tones far enough apart, under even or uneven light."""
    count, height, width = ink.shape
    contrast = uniform(generator, LEAST_CONTRAST, 1, count, 1, 1)
    darker = torch.rand(count, 1, 1, generator=generator) * (1 - contrast)
    inked = torch.where(torch.rand(count, 1, 1, generator=generator) < 0.5, 1 - ink, ink)
    clouds = normal(generator, 0.15, count, 1, 3, 3)
    light = 1 + interpolate(clouds, size=(height, width), mode="bicubic", align_corners=True)[:, 0].clamp(-0.5, 0.5)
    even = 1 - some(ink, SHADED, generator)
    return (darker + contrast * inked) * torch.where(even > 0, 1.0, light)


def noisy(tone: Tensor, generator: Generator) -> Tensor:
    deviation = uniform(generator, 0, MOST_NOISE, len(tone), 1, 1) * some(tone, NOISY, generator)
    return ((tone + normal(generator, deviation, *tone.shape)).clamp(0, 1) * 255).round().to(torch.uint8)
