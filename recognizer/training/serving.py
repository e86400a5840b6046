"""The network as it is served: with calibration, exported to model.onnx, compared with torch. Trains nothing."""

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

    `confidence` is the best digit's share of the calibrated softmax over eleven classes; `probabilities` are a softmax
    over the ten digits alone.
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
    """(N, 11) logits → (N, 11) calibrated logits."""
    return logits / calibration.temperature + calibration.bias * torch.eye(logits.shape[1])[NOT_A_DIGIT]


def fit_calibration(logits: Tensor, classes: Tensor, not_digits: float) -> Calibration:
    """Fit the calibration with the lowest cross-entropy on held-out examples (Guo et al., 2017, with one bias).

    not_digits: the share of not-digits to calibrate for; the held-out examples are weighted to it.
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
    """Return the rule that declines the configured share of held-out digits, within `config.digit_range`.

    The share includes digits that are declined because two compete.
    """
    chances = torch.softmax(calibrate(logits, calibration), 1)[classes != NOT_A_DIGIT, :NOT_A_DIGIT]
    digit, best = chances.sum(1), chances.amax(1)
    accepted = torch.where(best < config.sure * digit, 0, digit)
    least = float(torch.quantile(accepted, config.declined_digits).clamp(*config.digit_range))
    return Rule(digit=round(least, 4), sure=config.sure)


def export(network: Network, calibration: Calibration, file: Path) -> None:
    """Write model.onnx for a network that `quantise` returned.

    Raises `RecognizerError`, and writes nothing, if the file's answers differ from torch's: evidence and features in
    any bit, confidence and probabilities by more than 1e-6.
    """
    serving = Serving(network, calibration).eval()
    model = to_onnx(serving, {"picture": torch.rand(2, 1, 28, 28)}, OUTPUTS, {"picture": {0: "N"}})
    if difference := difference_from_torch(serving, model):
        raise RecognizerError(f"{file} would not answer as torch does: {difference}")
    write(model, file)


def difference_from_torch(serving: Serving, model: onnx.ModelProto) -> str:
    """Name an output that differs on pictures of noise, alone or in a batch; empty if none does."""
    session = Session(Path("model.onnx"), ["picture"], OUTPUTS, content=model.SerializeToString())
    for count in (1, 7):
        pictures = torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(count))
        from_file = session.run(picture=pictures.numpy())
        with torch.no_grad():
            from_torch = serving(pictures)
        for name, ours, theirs in zip(OUTPUTS, from_file, from_torch, strict=True):
            largest = float(np.abs(ours - theirs.numpy()).max())
            if not largest <= LARGEST_DIFFERENCES[name]:  # not >, so that NaN is an error, too
                return f"{name} by {largest:.1e} in a batch of {count}"
    return ""
