"""The network: picture → evidence for each digit and for "not a digit". Small residual convolutions."""

import torch
from torch import Tensor, nn

from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import Config

CLASSES = NOT_A_DIGIT + 1


class Network(nn.Module):
    """(N, 1, 28, 28) in [0, 1] → logits (N, 11): for each class, the mean of the evidence at 7 × 7 places."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        wide, wider, widest = config.channels
        at_14, at_7 = config.residuals
        self.body = nn.Sequential(
            convolution(1, wide),  # (N, wide, 28, 28)
            convolution(wide, wider, stride=2),  # (N, wider, 14, 14)
            *(Residual(wider) for _ in range(at_14)),
            convolution(wider, widest, stride=2),  # (N, widest, 7, 7)
            *(Residual(widest) for _ in range(at_7)),
        )
        self.dropout = nn.Dropout2d(config.dropout)
        self.evidence = nn.Conv2d(widest, CLASSES, 1)

    def forward(self, picture: Tensor) -> Tensor:
        return self.places(self.dropout(self.features(picture))).mean((2, 3))

    def features(self, picture: Tensor) -> Tensor:
        return self.body(picture)  # type: ignore[no-any-return]  # (N, widest, 7, 7)

    def places(self, features: Tensor) -> Tensor:
        return self.evidence(features)  # type: ignore[no-any-return]  # (N, 11, 7, 7)


class Residual(nn.Module):
    """Two convolutions with a shortcut around them."""

    def __init__(self, channels: int, kernel: tuple[int, int] = (3, 3)) -> None:
        super().__init__()
        self.first = convolution(channels, channels, kernel=kernel)
        self.second = nn.Sequential(*list(convolution(channels, channels, kernel=kernel))[:2])

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


def convolution(
    channels_in: int, channels_out: int, stride: int | tuple[int, int] = 1, kernel: tuple[int, int] = (3, 3)
) -> nn.Sequential:
    """Return a convolution with its normalisation and activation. A side of odd length is padded, so none is lost."""
    padding = kernel[0] % 2 * (kernel[0] // 2), kernel[1] % 2 * (kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )
