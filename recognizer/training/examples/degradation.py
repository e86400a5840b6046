"""Ink as it lies on real paper: pen colours, light and shade, noise, blur, specks, stray lines. In whole batches.

Each effect has its own share of the pictures; a worn one gets about two of them. None follows a recipe of MNIST-C.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, avg_pool2d, conv2d, grid_sample, interpolate, max_pool2d

from recognizer.training.doors.strokes import SIDE_PX, render
from recognizer.training.examples.distortion import normal, uniform

LEAST_CONTRAST = 0.3  # of the whole tone range
MOST_NOISE = 0.12  # deviation, likewise
MOST_LOST = 0.2  # of the pixels

Effect = Callable[[Tensor, Generator], Tensor]  # on all pictures that it is given: (n, H, W) → the same
Effects = tuple[tuple[Effect, float], ...]  # each with the share of pictures that it changes


def degrade(ink: Tensor, worn: float, generator: Generator) -> Tensor:
    """(n, H, W) ink in [0, 1] → (n, H, W) uint8 tones of either polarity. A share of `worn` suffers more than that."""
    suffers = torch.rand(len(ink), generator=generator) < worn
    for effect, share in ON_INK:
        ink = apply_to_some(ink, effect, share * suffers, generator)
    tone = apply_tones(ink, generator)
    for effect, share in ON_TONES:
        tone = apply_to_some(tone, effect, share * suffers, generator)
    return (tone.clamp(0, 1) * 255).round().to(torch.uint8)


def apply_to_some(pictures: Tensor, effect: Effect, chance: Tensor, generator: Generator) -> Tensor:
    """`effect` by each picture's chance (n,), and on no others: some are slow."""
    chosen = torch.rand(len(pictures), generator=generator) < chance
    if not chosen.any():
        return pictures
    pictures = pictures.clone()
    pictures[chosen] = effect(pictures[chosen], generator)
    return pictures


def outline(ink: Tensor, generator: Generator) -> Tensor:
    """The rim of the ink, where it is broad enough to have one."""
    inside = -max_pool2d(-ink.unsqueeze(1), 3, 1, 1)[:, 0]
    return ink - inside


def add_line(ink: Tensor, generator: Generator) -> Tensor:
    """With a straight thin line of any tone from edge to edge: ruled paper, a form's line, a strike.

    Half of them lie level. None is plumb but by chance: with little else to be seen, such a line is a 1.
    """
    side = ink.shape[2]
    down, right = (torch.arange(length) - length / 2 for length in ink.shape[1:])
    slanted = (torch.rand(len(ink), 1, 1, generator=generator) < 0.5).to(ink.dtype)
    angle = slanted * uniform(generator, 0, torch.pi, len(ink), 1, 1)
    offset = uniform(generator, -0.5, 0.5, len(ink), 1, 1) * side
    distance = (angle.cos() * down[None, :, None] + angle.sin() * right[None, None, :] - offset).abs()
    wide = uniform(generator, 0.5, 1.5, len(ink), 1, 1) * side / SIDE_PX
    tone = uniform(generator, 0.2, 1, len(ink), 1, 1)
    return torch.maximum(ink, tone * (wide / 2 - distance + 0.5).clamp(0, 1))


def add_specks(ink: Tensor, generator: Generator) -> Tensor:
    """With dust and drops of ink, none of them as large as a digit's parts."""
    count, height, width = ink.shape
    size = int(torch.randint(1, 4, (1,), generator=generator))
    rough = torch.rand(count, 1, height // size, width // size, generator=generator)
    rare = uniform(generator, 0.005, 0.04, count, 1, 1, 1)
    drops = interpolate((rough < rare).to(ink.dtype), size=(height, width), mode="bilinear")[:, 0]
    return torch.maximum(ink, drops * uniform(generator, 0.3, 1, count, 1, 1))


def invert_region(ink: Tensor, generator: Generator) -> Tensor:
    """On paper of two colours: where it is dark, ink is as light as the paper is elsewhere."""
    first, second = (random_region(ink, generator) for _ in range(2))
    twice = torch.rand(len(ink), 1, 1, generator=generator) < 0.5
    return torch.where(first ^ (second & twice), 1 - ink, ink)


def random_region(ink: Tensor, generator: Generator) -> Tensor:
    """(n, H, W) bool: a disc, all that lies to one side of a straight edge, or a bar; they often lie level or plumb."""
    height, width = ink.shape[1:]
    down, right = (torch.linspace(-0.5, 0.5, length) for length in (height, width))
    middle = uniform(generator, -0.6, 0.6, 2, len(ink), 1, 1)
    down, right = down[None, :, None] - middle[0], right[None, None, :] - middle[1]
    disc = torch.hypot(down, right) < uniform(generator, 0.1, 0.5, len(ink), 1, 1)
    angle = uniform(generator, 0, 2 * torch.pi, len(ink), 1, 1)
    straight = torch.rand(len(ink), 1, 1, generator=generator) < 0.5
    angle = torch.where(straight, (angle / (torch.pi / 2)).floor() * (torch.pi / 2), angle)
    across = angle.cos() * down + angle.sin() * right
    bar = across.abs() < uniform(generator, 0.1, 0.4, len(ink), 1, 1)
    which = torch.randint(0, 3, (len(ink), 1, 1), generator=generator)
    return torch.where(which == 0, disc, torch.where(which == 1, across > 0, bar))


def add_scrawl(ink: Tensor, generator: Generator) -> Tensor:
    """With a nervous thin line across: 4 to 18 knots along a straight way, each beside it, some bits left out."""
    count, knots = len(ink), int(torch.randint(4, 19, (1,), generator=generator))
    along = (torch.arange(knots) - (knots - 1) / 2) / (knots - 1) + normal(generator, 0.2 / knots, count, knots)
    along = along * uniform(generator, 0.6, 1.3, count, 1) * SIDE_PX
    beside = normal(generator, uniform(generator, 0, 0.12, count, 1) * SIDE_PX, count, knots)
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


def motion_blur(ink: Tensor, generator: Generator) -> Tensor:
    """Moved while it was photographed: the mean along a line of up to 9 px of 28 (of 48 px, 18), in any direction."""
    reach = 5 * round(ink.shape[1] / SIDE_PX)
    place = torch.arange(-reach, reach + 1.0)
    angle = uniform(generator, 0, torch.pi, len(ink), 1, 1)
    along = (angle.cos() * place[None, None, :] + angle.sin() * place[None, :, None]).abs()
    across = (angle.cos() * place[None, :, None] - angle.sin() * place[None, None, :]).abs()
    half = uniform(generator, 0.2, 0.9, len(ink), 1, 1) * reach
    kernels = (half - along + 0.5).clamp(0, 1) * (1 - across).clamp(min=0)
    kernels = kernels / kernels.sum((1, 2), keepdim=True)
    return conv2d(ink.unsqueeze(0), kernels.unsqueeze(1), padding=reach, groups=len(ink))[0]


def blur(ink: Tensor, generator: Generator) -> Tensor:
    """By up to a box of 3 × 3 pixels, at times twice, and once more where the picture is large."""
    soft = ink.unsqueeze(1)
    for _ in range(int(torch.randint(1, 3, (1,), generator=generator)) + (ink.shape[1] > 40)):
        soft = avg_pool2d(soft, 3, 1, 1)
    return ink + uniform(generator, 0, 1, len(ink), 1, 1) * (soft[:, 0] - ink)


def apply_tones(ink: Tensor, generator: Generator) -> Tensor:
    """Paper and pen of any two tones in [0, 1] that are far enough apart."""
    contrast = uniform(generator, LEAST_CONTRAST, 1, len(ink), 1, 1)
    darker = torch.rand(len(ink), 1, 1, generator=generator) * (1 - contrast)
    return darker + contrast * torch.where(torch.rand(len(ink), 1, 1, generator=generator) < 0.5, 1 - ink, ink)


def shade(tone: Tensor, generator: Generator) -> Tensor:
    """Under uneven light."""
    count, height, width = tone.shape
    clouds = normal(generator, 0.15, count, 1, 3, 3)
    light = interpolate(clouds, size=(height, width), mode="bicubic", align_corners=True)[:, 0]
    return tone * (1 + light.clamp(-0.5, 0.5))


def lose_pixels(tone: Tensor, generator: Generator) -> Tensor:
    """Up to a fifth of the pixels lost to any tone, mostly to one of the ends."""
    lost = torch.rand(tone.shape, generator=generator) < uniform(generator, 0, MOST_LOST, len(tone), 1, 1)
    return torch.where(lost, (0.5 + normal(generator, 0.7, *tone.shape)).clamp(0, 1), tone)


def add_noise(tone: Tensor, generator: Generator) -> Tensor:
    return tone + normal(generator, uniform(generator, 0, MOST_NOISE, len(tone), 1, 1), *tone.shape)


ON_INK: Effects = (
    (outline, 0.1),
    (add_line, 0.1),
    (add_scrawl, 0.14),
    (add_specks, 0.1),
    (invert_region, 0.16),
    (run, 0.1),
    (motion_blur, 0.1),
    (blur, 0.2),
)
ON_TONES: Effects = ((shade, 0.5), (lose_pixels, 0.12), (add_noise, 0.3))
