"""The network as it is served: calibration inside, exported to model.onnx and compared with torch. Trains nothing."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from scipy.optimize import minimize_scalar
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from recognizer.errors import RecognizerError
from recognizer.training.config import Config
from recognizer.training.data import NOT_A_DIGIT
from recognizer.training.export import exported, write
from recognizer.training.network import Network

OUTPUTS = ["probabilities", "confidence", "evidence", "features"]
LARGEST_DIFFERENCE = 1e-4


class Serving(nn.Module):
    """picture (N, 1, 28, 28) → probabilities (N, 10), confidence (N,), evidence (N, 10, 7, 7), features (N, C).

    Softmax over eleven classes at the calibrated temperature; `confidence` is the best digit's share of it, and
    `probabilities` are the ten digits' shares among themselves.
    """

    def __init__(self, network: Network, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        features = self.network.features(picture)
        places = self.network.places(features)  # (N, 11, 7, 7)
        logits = places.mean((2, 3)) / self.temperature  # (N, 11)
        confidence = torch.softmax(logits, 1)[:, :NOT_A_DIGIT].amax(1)
        probabilities = torch.softmax(logits[:, :NOT_A_DIGIT], 1)
        return probabilities, confidence, places[:, :NOT_A_DIGIT] / self.temperature, features.mean((2, 3))


def temperature_of(logits: Tensor, classes: Tensor) -> float:
    """The temperature of the least cross-entropy on held-out examples (Guo et al., 2017)."""

    def loss(log_temperature: float) -> float:
        return float(cross_entropy(logits / np.exp(log_temperature), classes))

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def rule_of(logits: Tensor, classes: Tensor, temperature: float, config: Config) -> dict[str, float]:
    """The threshold below which the chosen share of held-out digits is declined, within bounds."""
    chances = torch.softmax(logits / temperature, 1)
    confidence = chances[classes != NOT_A_DIGIT, :NOT_A_DIGIT].amax(1)
    low, high = config.accept_range
    accept = float(torch.quantile(confidence, config.declined_digits).clamp(low, high))
    return {"accept": round(accept, 3), "not_a_digit": 0.5}


def export(network: Network, temperature: float, file: Path) -> None:
    """Writes model.onnx. Raises `RecognizerError` where its answers differ from torch's by more than 1e-4."""
    serving = Serving(network, temperature).eval()
    model = exported(serving, {"picture": torch.rand(2, 1, 28, 28)}, OUTPUTS, {"picture": {0: "N"}})
    write(model, file)
    difference = max(difference_from_torch(serving, file, count) for count in (1, 7))
    if difference > LARGEST_DIFFERENCE:
        raise RecognizerError(f"{file} differs from torch by {difference:.1e}; at most {LARGEST_DIFFERENCE} is allowed")


def difference_from_torch(serving: Serving, file: Path, count: int) -> float:
    """Largest difference of probabilities and confidence on random pictures."""
    pictures = torch.rand(count, 1, 28, 28)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    found = session.run(OUTPUTS[:2], {"picture": pictures.numpy()})
    with torch.no_grad():
        wanted = serving(pictures)[:2]
    return max(float(np.abs(a - b.numpy()).max()) for a, b in zip(found, wanted, strict=True))
