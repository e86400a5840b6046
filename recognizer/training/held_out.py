"""The examples that choose and calibrate a model. None of them trains it."""

import numpy as np
import torch
from torch import Generator

from recognizer.datasets import sets
from recognizer.doors import PixelsDoor
from recognizer.training.config import Config
from recognizer.training.doors.strokes import SERVING_PEN_PX
from recognizer.training.epochs import DRAWN_AT_ONCE, Examples
from recognizer.training.examples.canvases import draw_with_pen
from recognizer.training.examples.letters import characters
from recognizer.training.examples.made_up import MadeUp
from recognizer.training.examples.points import points_of
from recognizer.training.through_doors import read_canvases, render_strokes


def held_out_examples(config: Config) -> Examples:
    """Return the examples that choose and calibrate a model: held-out MNIST, pen digits and not-digits, undistorted.

    Each MNIST picture occurs unchanged and through the pixels door. Each drawing occurs through the strokes door and,
    drawn on a canvas, through the pixels door.
    """
    mnist = sets.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    images = torch.tensor(mnist.images[kept:])
    pens = [pen for pen in sets.pendigits("train") if pen.writer in config.held_out_pen_writers]
    made_up = MadeUp(config, characters(config)[1], pens, np.random.default_rng(0))
    others = made_up.not_digits(config.held_out_not_digits)
    segments = points_of([list(pen.strokes) for pen in pens] + others.drawings).segments()
    generator = Generator().manual_seed(0)
    canvases = torch.cat([draw_with_pen(part, generator) for part in segments.split(DRAWN_AT_ONCE)])
    through_pixels = read_canvases([images, (canvases * 255).to(torch.uint8)], PixelsDoor())
    shown = [
        images.unsqueeze(1) / 255,
        render_strokes(segments, torch.full((len(segments), 1, 1), SERVING_PEN_PX)),
        through_pixels,
    ]
    digits = torch.tensor(mnist.labels[kept:])
    drawn = torch.cat([torch.tensor([int(pen.label) for pen in pens]), torch.from_numpy(others.classes)])
    labels = torch.cat([digits, drawn, digits, drawn])
    return Examples(torch.cat(shown), labels, torch.empty(len(labels), 0))
