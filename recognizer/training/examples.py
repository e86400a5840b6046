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
from recognizer.training.made_up import LIKE_DIGITS, MadeUp
from recognizer.training.network import NOT_A_DIGIT
from recognizer.training.pixels_door import PixelsDoor
from recognizer.training.points import Points, points_of
from recognizer.training.strokes_door import picture_of, render

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
        self.letters = training_letters(config)
        self.door = PixelsDoor()

    def batches(self, generator: Generator, random: np.random.Generator) -> Iterator[Examples]:
        """One epoch, in random order, each batch with the three kinds in their shares."""
        pictures = order(len(self.pictures), self.config.mnist_per_epoch, generator)
        pens = order(len(self.pens), self.config.pen_per_epoch, generator)
        drawings, classes = MadeUp(self.letters, self.pens, random).drawings(self.config.made_up_per_epoch)
        made_up, made_up_classes = points_of(drawings), torch.from_numpy(classes)
        count = self.steps()
        for picture, pen, made in zip(*(part.tensor_split(count) for part in (pictures, pens, torch.arange(len(drawings)))), strict=True):
            points = Points(*(torch.cat([a, b]) for a, b in ((self.points.xy[pen], made_up.xy[made]), (self.points.ends[pen], made_up.ends[made]))))
            drawn = self.drawn(distorted_strokes(points, self.config, generator), generator)
            shown = distorted_pictures(self.pictures[picture] / 255, self.config, generator)
            shown = self.partly_through_door(shown, generator)
            yield Examples(
                torch.cat([shown, drawn]),
                torch.cat([self.picture_classes[picture], self.point_classes[pen], made_up_classes[made]]),
            )

    def steps(self) -> int:
        config = self.config
        return -(-(config.mnist_per_epoch + config.pen_per_epoch + config.made_up_per_epoch) // config.batch_size)

    def partly_through_door(self, pictures: Tensor, generator: Generator) -> Tensor:
        """Some of the pictures as the pixels door would show them."""
        count = round(self.config.through_pixels_door * len(pictures))
        if count == 0:
            return pictures
        with torch.no_grad():
            seen = self.door((pictures[:count, 0] * 255).to(torch.uint8))
        return torch.cat([seen, pictures[count:]])

    def drawn(self, points: Points, generator: Generator) -> Tensor:
        """Drawings → (n, 1, 28, 28): most through the strokes door with any pen, some as canvases through the other."""
        segments = points.segments()
        pens = uniform(generator, *self.config.pen_px, len(segments), 1, 1)
        canvases = torch.rand(len(segments), generator=generator) < self.config.through_pixels_door
        dark = torch.rand(len(segments), 1, 1, generator=generator) < 0.5
        places = uniform(generator, 0.6, 0.95, len(segments), 1, 1)
        parts = []
        with torch.no_grad():
            for start in range(0, len(segments), RENDERED_AT_ONCE):
                part = slice(start, start + RENDERED_AT_ONCE)
                parts.append(pictures_of(segments[part], pens[part]))
            pictures = torch.cat(parts)
            if canvases.any():
                canvas = canvas_of(segments[canvases], pens[canvases] / 28, places[canvases])
                inverted = torch.where(dark[canvases], 1 - canvas, canvas)
                pictures[canvases] = self.door((inverted * 255).to(torch.uint8))
        return pictures


def pictures_of(segments: Tensor, pens: Tensor) -> Tensor:
    """What the strokes door shows, for a pen of choice: (n, S, 4) and (n or 1, 1, 1) px → (n, 1, 28, 28)."""
    keep = torch.ones(len(segments), segments.shape[1], 1, dtype=torch.bool)
    return picture_of(segments[:, :, 0::2], segments[:, :, 1::2], keep, pens)


def canvas_of(segments: Tensor, pens: Tensor, size: Tensor) -> Tensor:
    """Drawings as a canvas shows them, light on dark: (n, S, 4) → (n, 56, 56); pens and size (n, 1, 1), of 1."""
    x, y = segments[:, :, 0::2] * size * 28 * 0.9, segments[:, :, 1::2] * size * 28 * 0.9
    return render(x, y, pens * 28 * size, CANVAS_PX)


def order(available: int, wanted: int, generator: Generator) -> Tensor:
    """`wanted` indexes, each of the available ones as often as any other, give or take one."""
    rounds = [torch.randperm(available, generator=generator) for _ in range(-(-wanted // available))]
    return torch.cat(rounds)[:wanted]


def training_letters(config: Config) -> list[Drawing]:
    """Letters of uji01 to uji08 less those held out; the other writers' letters only test."""
    writers = {f"uji{number:02}" for number in range(1, 9)} - set(config.held_out_letter_writers)
    return [one for one in data.ujipenchars() if one.writer in writers and one.label.isalpha()]


def held_out(config: Config) -> Examples:
    """What chooses and calibrates: undistorted MNIST, pen digits and not-digits of writers who train nothing."""
    mnist = data.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    pens = [one for one in data.pendigits("train") if one.writer in config.held_out_pen_writers]
    letters = [one for one in data.ujipenchars() if one.writer in config.held_out_letter_writers and one.label.isalpha()]
    drawings, classes = MadeUp(letters, pens, np.random.default_rng(0)).drawings(750)
    strokes = [list(one.strokes) for one in pens] + drawings
    points = points_of(strokes)
    with torch.no_grad():
        drawn = torch.cat([pictures_of(part, torch.full((1, 1, 1), 2.4)) for part in points.segments().split(RENDERED_AT_ONCE)])
    return Examples(
        torch.cat([torch.tensor(mnist.images[kept:]).unsqueeze(1) / 255, drawn]),
        torch.cat([torch.tensor(mnist.labels[kept:]), torch.tensor([int(one.label) for one in pens]), torch.from_numpy(classes)]),
    )


__all__ = ["LIKE_DIGITS", "NOT_A_DIGIT", "Examples", "TrainingSet", "held_out"]
