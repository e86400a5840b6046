"""Ink as it lies on real paper: pen colours, light and shade, noise, blur, specks, stray lines. In whole batches.

Each effect has its own chance; a picture gets about two of them.
"""

import torch
from torch import Generator, Tensor
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d

from recognizer.training.distortion import normal, uniform

OUTLINED = 0.06  # share of pictures; the others likewise
FIELDED = 0.06
LINED = 0.1
SPECKED = 0.12
BLURRED = 0.2
SHADED = 0.5
NOISY = 0.3
MOST_NOISE = 0.12  # deviation, of the whole tone range
LEAST_CONTRAST = 0.3  # of the whole tone range


def degraded(ink: Tensor, generator: Generator) -> Tensor:
    """(n, H, W) ink in [0, 1] → (n, H, W) uint8 tones of either polarity."""
    ink = outlined(ink, generator)
    ink = torch.maximum(ink, lines(ink, generator))
    ink = torch.maximum(ink, specks(ink, generator))
    ink = fields(ink, generator)
    ink = blurred(ink, generator)
    return noisy(shaded(ink, generator), generator)


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
    return tone * (wide / 2 - distance + 0.5).clamp(0, 1) * some(ink, LINED, generator)


def specks(ink: Tensor, generator: Generator) -> Tensor:
    """Dust and drops of ink, none of them as large as a digit's parts."""
    count, height, width = ink.shape
    size = int(torch.randint(1, 4, (1,), generator=generator))
    rough = torch.rand(count, 1, height // size, width // size, generator=generator)
    rare = uniform(generator, 0.005, 0.04, count, 1, 1, 1)
    drops = interpolate((rough < rare).to(ink.dtype), size=(height, width), mode="bilinear")[:, 0]
    return drops * uniform(generator, 0.3, 1, count, 1, 1) * some(ink, SPECKED, generator)


def fields(ink: Tensor, generator: Generator) -> Tensor:
    """A round field of another colour, on which the ink is as light as the paper is elsewhere."""
    height, width = ink.shape[1:]
    down, right = (torch.linspace(-0.5, 0.5, length) for length in (height, width))
    middle = uniform(generator, -0.6, 0.6, 2, len(ink), 1, 1)
    apart = torch.hypot(down[None, :, None] - middle[0], right[None, None, :] - middle[1])
    inside = (apart < uniform(generator, 0.1, 0.5, len(ink), 1, 1)).to(ink.dtype)
    return ink + inside * (1 - 2 * ink) * some(ink, FIELDED, generator)


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
