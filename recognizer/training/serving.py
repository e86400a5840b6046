"""The network as it is served: calibration inside, exported to model.onnx and compared with torch. Trains nothing."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from scipy.optimize import minimize
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from recognizer.card import Calibration, Rule
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.doors.session import Session
from recognizer.errors import RecognizerError
from recognizer.training.config import Config
from recognizer.training.export import to_onnx, write
from recognizer.training.network import Network

LARGEST_DIFFERENCES = {"probabilities": 1e-6, "confidence": 1e-6, "evidence": 0.0, "features": 0.0}
OUTPUTS = list(LARGEST_DIFFERENCES)


class Serving(nn.Module):
    """picture (N, 1, 28, 28) → probabilities (N, 10), confidence (N,), evidence (N, 10, 7, 7), features (N, C).

    Softmax over eleven classes, calibrated; `confidence` is the best digit's share of it, and `probabilities` are the
    ten digits' shares among themselves.
    """

    def __init__(self, network: Network, calibration: Calibration) -> None:
        super().__init__()
        self.network = network
        self.calibration = calibration

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        features = self.network.features(picture)
        places = self.network.places(features)  # (N, 11, 7, 7)
        logits = calibrate(places.mean((2, 3)), self.calibration)  # (N, 11)
        confidence = torch.softmax(logits, 1)[:, :NOT_A_DIGIT].amax(1)
        probabilities = torch.softmax(logits[:, :NOT_A_DIGIT], 1)
        return probabilities, confidence, places[:, :NOT_A_DIGIT] / self.calibration.temperature, features.mean((2, 3))


def calibrate(logits: Tensor, calibration: Calibration) -> Tensor:
    """(N, 11) → (N, 11)."""
    return logits / calibration.temperature + calibration.bias * torch.eye(logits.shape[1])[NOT_A_DIGIT]


def fit_calibration(logits: Tensor, classes: Tensor, not_digits: float) -> Calibration:
    """The calibration of the least cross-entropy on held-out examples (Guo et al., 2017, with one bias).

    not_digits: the share of drawings that are no digits which `confidence` shall be right for; the held-out ones are
    weighted to it.
    """
    other = classes == NOT_A_DIGIT
    weights = torch.where(other, not_digits / other.sum(), (1 - not_digits) / (~other).sum())

    def loss(parameters: npt.NDArray[np.float64]) -> float:
        losses = cross_entropy(
            calibrate(logits, Calibration(np.exp(parameters[0]), parameters[1])), classes, reduction="none"
        )
        return float((weights * losses).sum())

    log_temperature, bias = minimize(loss, (0.0, 0.0), method="Nelder-Mead").x
    return Calibration(float(np.exp(log_temperature)), float(bias))


def rule_of(logits: Tensor, classes: Tensor, calibration: Calibration, config: Config) -> Rule:
    """The least chance of being a digit, within bounds, by which the chosen share of held-out digits is declined.

    Those whose digits compete are among that share.
    """
    chances = torch.softmax(calibrate(logits, calibration), 1)[classes != NOT_A_DIGIT, :NOT_A_DIGIT]
    digit, best = chances.sum(1), chances.amax(1)
    accepted = torch.where(best < config.sure * digit, 0, digit)
    least = float(torch.quantile(accepted, config.declined_digits).clamp(*config.digit_range))
    return Rule(digit=round(least, 4), sure=config.sure)


def export(network: Network, calibration: Calibration, file: Path) -> None:
    """Writes model.onnx of a network that `quantised` made.

    Raises `RecognizerError` where it answers otherwise than torch: evidence and features to the last bit, and the two
    that come of a softmax by more than 1e-6. Nothing is written then.
    """
    serving = Serving(network, calibration).eval()
    model = to_onnx(serving, {"picture": torch.rand(2, 1, 28, 28)}, OUTPUTS, {"picture": {0: "N"}})
    if difference := difference_from_torch(serving, model):
        raise RecognizerError(f"{file} would not answer as torch does: {difference}")
    write(model, file)


def difference_from_torch(serving: Serving, model: onnx.ModelProto) -> str:
    """What differs, alone or in batches, on pictures of noise; empty where nothing does."""
    session = Session(Path("model.onnx"), ["picture"], OUTPUTS, content=model.SerializeToString())
    for count in (1, 7):
        pictures = torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(count))
        found = session.run(picture=pictures.numpy())
        with torch.no_grad():
            wanted = serving(pictures)
        for name, ours, theirs in zip(OUTPUTS, found, wanted, strict=True):
            largest = float(np.abs(ours - theirs.numpy()).max())
            if not largest <= LARGEST_DIFFERENCES[name]:  # so that NaN is told, too
                return f"{name} by {largest:.1e} in a batch of {count}"
    return ""
