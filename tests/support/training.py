"""A configuration that trains within a second, whose models are useless; a seeded generator; a drawing."""

from dataclasses import replace

import numpy as np
import torch

from recognizer.training.config import PRESETS

TINY = replace(
    PRESETS["smallest"],
    epochs=2,
    batch_size=32,
    mnist_per_epoch=96,
    pen_per_epoch=48,
    unfinished_per_epoch=8,
    processes=1,
    traced_mnist=30,
    traced_per_epoch=20,
    styled_per_epoch=12,
    misread_per_epoch=8,
    not_digits_per_epoch=24,
    groups_per_epoch=16,
    pieces_per_epoch=4,
    marks_per_epoch=4,
    channels=(4, 8, 8),
    held_out_mnist=50,
    held_out_not_digits=20,
)
SEVEN = [np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]]), np.array([[10.0, 50.0], [50.0, 50.0]])]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
