"""The line network: a line's picture → the evidence for each character at each place along it."""

import torch
from torch import Tensor, nn

from recognizer.numbers.search import CHARACTERS
from recognizer.training.network import Residual, convolution

CLASSES = 1 + len(CHARACTERS)  # the first is "no character begins here", the blank of CTC


class LineNetwork(nn.Module):
    """(N, 1, 32, W) in [0, 1] → logits (N, 16, W / 2)."""

    def __init__(self, channels: tuple[int, int, int, int], rows: int, dropout: float) -> None:
        super().__init__()
        narrow, wide, wider, widest = channels
        self.body = nn.Sequential(
            convolution(1, narrow, stride=2),  # (N, narrow, 16, W / 2)
            lower(narrow, wide),  # (N, wide, 8, W / 2)
            Residual(wide),
            lower(wide, wider),  # (N, wider, 4, W / 2)
            Residual(wider),
            Residual(wider),
            fold(wider, widest),  # (N, widest, 1, W / 2)
            *(RowResidual(widest) for _ in range(rows)),
        )
        self.dropout = nn.Dropout2d(dropout)
        self.evidence = nn.Conv2d(widest, CLASSES, 1)

    def forward(self, picture: Tensor) -> Tensor:
        return self.evidence(self.dropout(self.body(picture))).squeeze(2)  # type: ignore[no-any-return]


class RowResidual(nn.Module):
    """Two convolutions along a row of places, with a shortcut around them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Sequential(*along(channels, channels), nn.ReLU())
        self.second = nn.Sequential(*along(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


def lower(channels_in: int, channels_out: int) -> nn.Sequential:
    """Halve the height."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, (2, 1), 1, bias=False), nn.BatchNorm2d(channels_out), nn.ReLU()
    )


def fold(channels_in: int, channels_out: int) -> nn.Sequential:
    """Turn four rows into one."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, (4, 3), 1, (0, 1), bias=False), nn.BatchNorm2d(channels_out), nn.ReLU()
    )


def along(channels_in: int, channels_out: int) -> tuple[nn.Module, nn.Module]:
    return (
        nn.Conv2d(channels_in, channels_out, (1, 3), 1, (0, 1), bias=False),
        nn.BatchNorm2d(channels_out),
    )
