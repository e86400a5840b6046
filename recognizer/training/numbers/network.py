"""The line network: a line's picture → the evidence for each character at each place along it."""

from torch import Tensor, nn

from recognizer.numbers.search import CHARACTERS
from recognizer.training.network import Residual, convolution

CLASSES = 1 + len(CHARACTERS)  # the first is "no character", the blank of CTC


class LineNetwork(nn.Module):
    """(N, 1, 32, W) in [0, 1] → logits (N, 16, W / 2)."""

    def __init__(self, channels: tuple[int, int, int, int], rows: int, dropout: float) -> None:
        super().__init__()
        narrow, wide, wider, widest = channels
        self.body = nn.Sequential(
            convolution(1, narrow, stride=2),  # (N, narrow, 16, W / 2)
            convolution(narrow, wide, stride=(2, 1)),  # (N, wide, 8, W / 2)
            Residual(wide),
            convolution(wide, wider, stride=(2, 1)),  # (N, wider, 4, W / 2)
            Residual(wider),
            Residual(wider),
            convolution(wider, widest, kernel=(4, 3)),  # (N, widest, 1, W / 2)
            *(Residual(widest, kernel=(1, 3)) for _ in range(rows)),
        )
        self.dropout = nn.Dropout2d(dropout)
        self.evidence = nn.Conv2d(widest, CLASSES, 1)

    def forward(self, picture: Tensor) -> Tensor:
        return self.evidence(self.dropout(self.body(picture))).squeeze(2)  # type: ignore[no-any-return]
