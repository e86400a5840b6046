"""The line network as it is served: exported to lines.onnx, compared with torch. Trains nothing."""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from recognizer.doors.session import Session
from recognizer.errors import RecognizerError
from recognizer.numbers.line_pictures import HEIGHT, WIDTH_STEP
from recognizer.training.export import shorten_names, to_onnx, write
from recognizer.training.numbers.network import LineNetwork

LARGEST_DIFFERENCE = 1e-6


class LineServing(nn.Module):
    """picture (N, 32, W) uint8 → chances (N, W / 2, 16): of each character at each place, the first is of none."""

    def __init__(self, network: LineNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> Tensor:
        ink = picture.to(torch.float32).unsqueeze(1) / 255
        return torch.softmax(self.network(ink), 1).transpose(1, 2)


def export(network: LineNetwork, file: Path) -> None:
    """Write the graph of a network that `quantise` returned.

    Raises `RecognizerError`, and writes nothing, if the file's chances differ from torch's by more than 1e-6.
    """
    serving = LineServing(network).eval()
    example = torch.zeros(2, HEIGHT, 4 * WIDTH_STEP, dtype=torch.uint8)
    model = shorten_names(to_onnx(serving, {"picture": example}, ["chances"], {"picture": {0: "N", 2: "W"}}))
    if (difference := difference_from_torch(serving, model)) > LARGEST_DIFFERENCE:
        raise RecognizerError(f"{file} would not answer as torch does: chances differ by {difference:.1e}")
    write(model, file)


def difference_from_torch(serving: LineServing, model: onnx.ModelProto) -> float:
    """Return the largest difference on pictures of noise, one and several, of different widths."""
    session = Session(Path("lines.onnx"), ["picture"], ["chances"], content=model.SerializeToString())
    largest = 0.0
    for count, width in ((1, 2 * WIDTH_STEP), (3, 9 * WIDTH_STEP)):
        generator = torch.Generator().manual_seed(count)
        picture = torch.randint(0, 256, (count, HEIGHT, width), generator=generator, dtype=torch.uint8)
        (from_file,) = session.run(picture=picture.numpy())
        with torch.no_grad():
            from_torch = serving(picture).numpy()
        largest = max(largest, float(np.abs(from_file - from_torch).max()))
    return largest
