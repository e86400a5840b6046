"""3 × 3 convolutions of small maps as they are served: Winograd's F(4, 3) along the rows. Trains nothing.

Four neighbouring outputs of a kernel three wide take six products instead of twelve (Lavin and Gray, arXiv 1509.09308):
in WebAssembly the network takes 70 % of the time. On maps of 14 px the sums around the products cost what is won:
docs/experiments.md has the forms that were tried, with their times.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

TILE = 4  # outputs of one tile
TAPS = 3
PRODUCTS = TILE + TAPS - 1  # of one tile

# By the points 0, 1, -1, 2, -2 and infinity: a tile's inputs and the kernel → factors, and products → outputs.
INPUTS = torch.tensor(
    [
        [4.0, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
KERNEL = torch.tensor(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ]
)
OUTPUTS = torch.tensor(
    [
        [1.0, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ]
)
COUNTS_ONCE = 1  # the product that comes into each output once, and brings the bias


class RowConvolution(nn.Module):
    """The same convolution, of stride 1 and padded by 1, of maps `side` px wide: (N, C, H, side) → (N, O, H, side)."""

    spread: Tensor
    gathered: Tensor

    def __init__(self, convolution: nn.Conv2d, side: int) -> None:
        super().__init__()
        assert convolution.bias is not None  # noqa: S101
        self.weight, self.bias = convolution.weight, convolution.bias  # (O, C, 3, 3), (O,)
        spread, gathered = transforms(side)
        self.register_buffer("spread", spread)
        self.register_buffer("gathered", gathered)

    def forward(self, maps: Tensor) -> Tensor:
        """The products, six kernels of three rows, are one convolution: its groups are the kernels.

        Tiles lie side by side on one axis, H · T long, on which the next row's is T further: of all layouts that were
        tried the one that both runtimes are fast with.
        """
        height, tiles = maps.shape[2], len(self.spread) // PRODUCTS
        outputs, channels, _, _ = self.weight.shape
        factors = torch.matmul(maps, self.spread.T).reshape(-1, channels, height, PRODUCTS, tiles)
        factors = factors.permute(0, 3, 1, 2, 4).reshape(-1, PRODUCTS * channels, 1, height * tiles)
        products = conv2d(factors, *self.kernels(), padding=(0, tiles), dilation=(1, tiles), groups=PRODUCTS)
        products = products.reshape(-1, PRODUCTS, outputs, height, tiles).permute(0, 2, 3, 1, 4)
        return torch.matmul(products.reshape(-1, outputs, height, PRODUCTS * tiles), self.gathered.T)

    def kernels(self) -> tuple[Tensor, Tensor]:
        """(6 · O, C, 1, 3) and their biases, (6 · O,). The runtime works them out once, as it loads the file."""
        kernels = torch.matmul(self.weight, KERNEL.T).permute(3, 0, 1, 2).flatten(0, 1)  # (6 · O, C, 3)
        once = torch.eye(PRODUCTS)[COUNTS_ONCE]
        return kernels.unsqueeze(2), torch.outer(once, self.bias).flatten()


def transforms(side: int) -> tuple[Tensor, Tensor]:
    """A row's cells → its tiles' factors, (6 · T, side), and their products → the row, (side, 6 · T); T tiles."""
    tiles = -(-side // TILE)
    spread = torch.zeros(PRODUCTS, tiles, tiles * TILE + TAPS - 1)  # from the cell before the row on
    gathered = torch.zeros(tiles * TILE, PRODUCTS, tiles)
    for tile in range(tiles):
        spread[:, tile, tile * TILE : tile * TILE + PRODUCTS] = INPUTS
        gathered[tile * TILE : (tile + 1) * TILE, :, tile] = OUTPUTS
    return spread[:, :, 1 : side + 1].flatten(0, 1), gathered[:side].flatten(1)
