"""What an epoch is made of: pictures and strokes, held-out parts left aside, distorted and put through the doors."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from recognizer.training import data
from recognizer.training.config import Config
from recognizer.training.distortion import distorted_pictures, distorted_strokes, uniform
from recognizer.training.formats import Drawing
from recognizer.training.made_up import MadeUp
from recognizer.training.pixels_door import PixelsDoor
from recognizer.training.points import Points, joined, points_of
from recognizer.training.strokes_door import PEN_PX, SIDE_PX, picture_of, render

RENDERED_AT_ONCE = 16  # drawings: the door's working set then fits the processor's cache
CANVAS_PX = 56  # of the small canvases that are drawn for the pixels door


@dataclass(frozen=True, eq=False)
class Examples:
    """pictures: (n, 1, 28, 28) float32 in [0, 1]; classes: (n,) int64, 0 to 9 or NOT_A_DIGIT."""

    pictures: Tensor
    classes: Tensor


class TrainingSet:
    """The training parts of MNIST, the pen digits and the letters, and what is made up."""

    def __init__(self, config: Config) -> None:
        self.config = config
        mnist = data.mnist("train")
        kept = len(mnist.labels) - config.held_out_mnist
        self.pictures = torch.tensor(mnist.images[:kept]).unsqueeze(1)  # (n, 1, 28, 28) uint8
        self.picture_classes = torch.tensor(mnist.labels[:kept])
        self.pens = [one for one in data.pendigits("train") if one.writer not in config.held_out_pen_writers]
        self.points = points_of([one.strokes for one in self.pens])
        self.point_classes = torch.tensor([int(one.label) for one in self.pens])
        self.letters = letters(config)[0]
        self.door = PixelsDoor()

    def batches(self, generator: Generator, random: np.random.Generator) -> Iterator[Examples]:
        """One epoch, in random order, each batch with the three kinds in their shares."""
        pictures = order(len(self.pictures), self.config.mnist_per_epoch, generator)
        pens = order(len(self.pens), self.config.pen_per_epoch, generator)
        drawings, classes = MadeUp(self.letters, self.pens, random).drawings(self.config.made_up_per_epoch)
        points = joined(self.points[pens], points_of(drawings))
        point_classes = torch.cat([self.point_classes[pens], torch.from_numpy(classes)])
        strokes = interleaved(len(pens), len(drawings), self.steps())
        for picture, stroke in zip(pictures.tensor_split(self.steps()), strokes, strict=True):
            drawn = self.drawn(distorted_strokes(points[stroke], self.config, generator), generator)
            shown = distorted_pictures(self.pictures[picture] / 255, self.config, generator)
            shown = self.partly_through_door(shown, generator)
            yield Examples(torch.cat([shown, drawn]), torch.cat([self.picture_classes[picture], point_classes[stroke]]))

    def steps(self) -> int:
        config = self.config
        return -(-(config.mnist_per_epoch + config.pen_per_epoch + config.made_up_per_epoch) // config.batch_size)

    def partly_through_door(self, pictures: Tensor, generator: Generator) -> Tensor:
        """Some of the pictures as the pixels door would show them."""
        count = round(self.config.through_pixels_door * len(pictures))
        if count == 0:
            return pictures
        with torch.no_grad():
            seen = self.door((pictures[:count, 0] * 255).round().to(torch.uint8))
        return torch.cat([seen, pictures[count:]])

    def drawn(self, points: Points, generator: Generator) -> Tensor:
        """Drawings → (n, 1, 28, 28): most through the strokes door with any pen, some as canvases through the other."""
        segments = points.segments()
        pens = uniform(generator, *self.config.pen_px, len(segments), 1, 1)
        as_canvas = torch.rand(len(segments), generator=generator) < self.config.through_pixels_door
        dark = torch.rand(len(segments), 1, 1, generator=generator) < 0.5
        size = uniform(generator, 0.6, 0.95, len(segments), 1, 1)
        pairs = zip(segments.split(RENDERED_AT_ONCE), pens.split(RENDERED_AT_ONCE), strict=True)
        with torch.no_grad():
            pictures = torch.cat([pictures_of(*pair) for pair in pairs])
            if as_canvas.any():
                canvas = canvas_of(segments[as_canvas], pens[as_canvas], size[as_canvas])
                canvas = torch.where(dark[as_canvas], 1 - canvas, canvas)
                pictures[as_canvas] = self.door((canvas * 255).round().to(torch.uint8))
        return pictures


def pictures_of(segments: Tensor, pens: Tensor) -> Tensor:
    """What the strokes door shows, for a pen of choice: (n, S, 4) and (n or 1, 1, 1) px → (n, 1, 28, 28)."""
    keep = torch.ones(len(segments), segments.shape[1], 1, dtype=torch.bool)
    return picture_of(segments[:, :, 0::2], segments[:, :, 1::2], keep, pens)


def canvas_of(segments: Tensor, pens: Tensor, size: Tensor) -> Tensor:
    """Drawings as a canvas shows them, light on dark: (n, S, 4) → (n, 56, 56); size (n, 1, 1), its share of the canvas.

    pens (n, 1, 1): px, if the drawing were as large as the canvas, of 28 px.
    """
    x, y = (segments[:, :, axis::2] * size * SIDE_PX * 0.9 for axis in (0, 1))
    return render(x, y, pens * size, CANVAS_PX)


def interleaved(first: int, second: int, parts: int) -> list[Tensor]:
    """Indexes of two kinds that follow each other, in parts with both in their shares."""
    kinds = torch.arange(first), torch.arange(first, first + second)
    return [torch.cat(part) for part in zip(*(kind.tensor_split(parts) for kind in kinds), strict=True)]


def order(available: int, wanted: int, generator: Generator) -> Tensor:
    """`wanted` indexes, each of the available ones as often as any other, give or take one."""
    rounds = [torch.randperm(available, generator=generator) for _ in range(-(-wanted // available))]
    return torch.cat(rounds)[:wanted]


def letters(config: Config) -> tuple[list[Drawing], list[Drawing]]:
    """Letters of the writers who may train: to train by, and held out. None where the set is not at hand."""
    if not data.SETS["uji-letters-train"].is_here():
        return [], []
    every = data.uji_letters("train")
    apart = [one for one in every if one.writer in config.held_out_letter_writers]
    return [one for one in every if one.writer not in config.held_out_letter_writers], apart


def held_out(config: Config) -> Examples:
    """What chooses and calibrates: undistorted MNIST, pen digits and not-digits of writers who train nothing."""
    mnist = data.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    pens = [one for one in data.pendigits("train") if one.writer in config.held_out_pen_writers]
    made_up = MadeUp(letters(config)[1], pens, np.random.default_rng(0))
    drawings, classes = made_up.drawings(config.held_out_made_up)
    points = points_of([list(one.strokes) for one in pens] + drawings)
    with torch.no_grad():
        drawn = [pictures_of(part, torch.full((1, 1, 1), PEN_PX)) for part in points.segments().split(RENDERED_AT_ONCE)]
    pen_classes = torch.tensor([int(one.label) for one in pens])
    return Examples(
        torch.cat([torch.tensor(mnist.images[kept:]).unsqueeze(1) / 255, *drawn]),
        torch.cat([torch.tensor(mnist.labels[kept:]), pen_classes, torch.from_numpy(classes)]),
    )
