"""Ink on real paper: tones of pen and paper, uneven light, noise, blur, specks, stray lines. In whole batches.

Each effect changes its own share of the pictures; a worn picture gets about two. No effect follows MNIST-C's recipe.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, avg_pool2d, conv2d, grid_sample, interpolate, max_pool2d

from recognizer.training.doors.strokes import SIDE_PX, render
from recognizer.training.examples.distortion import normal, uniform

LEAST_CONTRAST = 0.3  # share of the tone range
MOST_NOISE = 0.12  # standard deviation, as a share of the tone range
MOST_LOST = 0.2  # share of the pixels
PALEST = (0.3, 0.8)  # of the darkest ink; the pixels door drops paler ink, and a 9 is then a 0

Effect = Callable[[Tensor, Generator], Tensor]  # (n, H, W) → (n, H, W); changes every picture
Effects = tuple[tuple[Effect, float], ...]  # each with the share of worn pictures that it changes


def degrade(ink: Tensor, worn: float, generator: Generator) -> Tensor:
    """(n, H, W) ink in [0, 1] → (n, H, W) uint8 tones of either polarity. A share `worn` gets further effects."""
    is_worn = torch.rand(len(ink), generator=generator) < worn
    for effect, share in ON_INK:
        ink = apply_to_some(ink, effect, share * is_worn, generator)
    tone = apply_tones(ink, generator)
    for effect, share in ON_TONES:
        tone = apply_to_some(tone, effect, share * is_worn, generator)
    return (tone.clamp(0, 1) * 255).round().to(torch.uint8)


def apply_to_some(pictures: Tensor, effect: Effect, chance: Tensor, generator: Generator) -> Tensor:
    """Apply an effect to random pictures, by each picture's probability (n,), and to these alone: some are slow."""
    chosen = torch.rand(len(pictures), generator=generator) < chance
    if not chosen.any():
        return pictures
    pictures = pictures.clone()
    pictures[chosen] = effect(pictures[chosen], generator)
    return pictures


def outline(ink: Tensor, generator: Generator) -> Tensor:
    """Keep the ink's outline alone; thin lines stay whole."""
    inside = -max_pool2d(-ink.unsqueeze(1), 3, 1, 1)[:, 0]
    return ink - inside


def add_line(ink: Tensor, generator: Generator) -> Tensor:
    """Add a straight thin line of any tone from edge to edge: ruled paper, a form's line, a strike-through.

    Half of the lines are horizontal. Vertical ones are not favoured: with little other ink they look like a 1.
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
    """Add dust and drops of ink, all smaller than a digit's parts."""
    count, height, width = ink.shape
    size = int(torch.randint(1, 4, (1,), generator=generator))
    rough = torch.rand(count, 1, height // size, width // size, generator=generator)
    rare = uniform(generator, 0.005, 0.04, count, 1, 1, 1)
    drops = interpolate((rough < rare).to(ink.dtype), size=(height, width), mode="bilinear")[:, 0]
    return torch.maximum(ink, drops * uniform(generator, 0.3, 1, count, 1, 1))


def invert_region(ink: Tensor, generator: Generator) -> Tensor:
    """Invert one or two regions: on the dark side of two-coloured paper, ink is light."""
    first, second = (random_region(ink, generator) for _ in range(2))
    twice = torch.rand(len(ink), 1, 1, generator=generator) < 0.5
    return torch.where(first ^ (second & twice), 1 - ink, ink)


def random_region(ink: Tensor, generator: Generator) -> Tensor:
    """Return (n, H, W) bool: a disc, a half-plane or a bar; half of the angles are horizontal or vertical."""
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
    """Add a nervous thin line: 4 to 18 knots near a straight line, with gaps."""
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


def bleed(ink: Tensor, generator: Generator) -> Tensor:
    """Let ink bleed into rough paper: each pixel takes the value of a point nearby."""
    count, height, width = ink.shape
    reach = uniform(generator, 0.3, 1.2, count, 1, 1, 1) * 2 / SIDE_PX
    still = torch.eye(2, 3).expand(count, 2, 3)
    grid = affine_grid(still, [count, 1, height, width], align_corners=False)
    grid = grid + normal(generator, reach, count, height, width, 2)
    return grid_sample(ink.unsqueeze(1), grid, mode="bilinear", align_corners=False)[:, 0]


def motion_blur(ink: Tensor, generator: Generator) -> Tensor:
    """Blur by motion: the mean along a line of up to 9 px of 28 (18 px of 48), in any direction."""
    reach = 5 * round(ink.shape[1] / SIDE_PX)
    place = torch.arange(-reach, reach + 1.0)
    angle = uniform(generator, 0, torch.pi, len(ink), 1, 1)
    along = (angle.cos() * place[None, None, :] + angle.sin() * place[None, :, None]).abs()
    across = (angle.cos() * place[None, :, None] - angle.sin() * place[None, None, :]).abs()
    half = uniform(generator, 0.2, 0.9, len(ink), 1, 1) * reach
    kernels = (half - along + 0.5).clamp(0, 1) * (1 - across).clamp(min=0)
    kernels = kernels / kernels.sum((1, 2), keepdim=True)
    return conv2d(ink.unsqueeze(0), kernels.unsqueeze(1), padding=reach, groups=len(ink))[0]


def fade(ink: Tensor, generator: Generator) -> Tensor:
    """Press the pen unevenly: the ink gets paler towards one side, such as the tail of a 9."""
    height, width = ink.shape[1:]
    down, right = (torch.linspace(-1, 1, length) for length in (height, width))
    angle = uniform(generator, 0, 2 * torch.pi, len(ink), 1, 1)
    along = angle.cos() * down[None, :, None] + angle.sin() * right[None, None, :]
    least = uniform(generator, *PALEST, len(ink), 1, 1)
    reach = uniform(generator, 0.2, 0.8, len(ink), 1, 1)  # of the way from dark to pale, from the middle
    return ink * (1 - (1 - least) * (0.5 + along / (2 * reach)).clamp(0, 1))


def blur(ink: Tensor, generator: Generator) -> Tensor:
    """Blur by a box of up to 3 × 3 pixels, once or twice, and once more in a large picture."""
    soft = ink.unsqueeze(1)
    for _ in range(int(torch.randint(1, 3, (1,), generator=generator)) + (ink.shape[1] > 40)):
        soft = avg_pool2d(soft, 3, 1, 1)
    return ink + uniform(generator, 0, 1, len(ink), 1, 1) * (soft[:, 0] - ink)


def apply_tones(ink: Tensor, generator: Generator) -> Tensor:
    """Give paper and pen any two tones in [0, 1] with enough contrast."""
    contrast = uniform(generator, LEAST_CONTRAST, 1, len(ink), 1, 1)
    darker = torch.rand(len(ink), 1, 1, generator=generator) * (1 - contrast)
    return darker + contrast * torch.where(torch.rand(len(ink), 1, 1, generator=generator) < 0.5, 1 - ink, ink)


def shade(tone: Tensor, generator: Generator) -> Tensor:
    """Light the paper unevenly."""
    count, height, width = tone.shape
    clouds = normal(generator, 0.15, count, 1, 3, 3)
    light = interpolate(clouds, size=(height, width), mode="bicubic", align_corners=True)[:, 0]
    return tone * (1 + light.clamp(-0.5, 0.5))


def lose_pixels(tone: Tensor, generator: Generator) -> Tensor:
    """Replace up to a fifth of the pixels by random tones, mostly black or white."""
    lost = torch.rand(tone.shape, generator=generator) < uniform(generator, 0, MOST_LOST, len(tone), 1, 1)
    return torch.where(lost, (0.5 + normal(generator, 0.7, *tone.shape)).clamp(0, 1), tone)


def add_noise(tone: Tensor, generator: Generator) -> Tensor:
    return tone + normal(generator, uniform(generator, 0, MOST_NOISE, len(tone), 1, 1), *tone.shape)


ON_INK: Effects = (
    (outline, 0.1),
    (fade, 0.1),
    (add_line, 0.1),
    (add_scrawl, 0.18),
    (add_specks, 0.1),
    (invert_region, 0.16),
    (bleed, 0.1),
    (motion_blur, 0.1),
    (blur, 0.2),
)
ON_TONES: Effects = ((shade, 0.5), (lose_pixels, 0.12), (add_noise, 0.3))
