"""Knowledge distillation (arXiv 1503.02531): released models' answers to an example, to learn from with its label."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import log_softmax, softmax

from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.prediction import digit_probability
from recognizer.training.config import Config

ARCHIVE = Path(__file__).parents[2] / "archive/models"  # only in a clone; a wheel has the shipped model alone
LEAST = 1e-7  # lowest probability: 1 - LEAST still differs from 1 in float32


class Teachers:
    """The released models that a configuration names.

    Raises `ModelError` for a damaged model, and `RecognizerError` for a missing one or one that cannot teach because it
    learnt from pictures or writers that are held out here, or its card does not say. Cards don't record which
    characters of the fonts a model saw.
    """

    def __init__(self, config: Config) -> None:
        self.models = [Model(folder_of(name)) for name in config.teachers]
        for model in self.models:
            if model.card.calibration is None or not model.card.config:
                raise RecognizerError(f"{model.name} cannot teach: its card lacks calibration or config")
            if seen := held_out_overlap(config, model.card.config):
                raise RecognizerError(f"{model.name} cannot teach: it learnt from data that is held out here: {seen}")

    def __call__(self, pictures: Tensor) -> Tensor:
        """(n, 1, 28, 28) → (n, 11), the mean of the teachers' logits; (n, 0) without teachers."""
        if not self.models:
            return torch.empty(len(pictures), 0)
        return torch.stack([teacher_logits(model, pictures) for model in self.models]).mean(0)


def folder_of(name: str) -> Path:
    """Return the folder of a shipped or archived model. Raises `RecognizerError` for other names."""
    for models in (MODELS, ARCHIVE):
        if (models / name).is_dir():
            return models / name
    raise RecognizerError(f"teacher {name} not found: train in a clone of the repository, which has {ARCHIVE}")


def held_out_overlap(config: Config, teacher: dict[str, Any]) -> str:
    """Name the data that `config` holds out and the teacher learnt from; empty if there is none."""
    held_out = {*config.held_out_pen_writers, *config.held_out_letter_writers}
    writers = held_out - {*teacher["held_out_pen_writers"], *teacher["held_out_letter_writers"]}
    pictures = config.held_out_mnist - teacher["held_out_mnist"]
    return ", ".join([*sorted(writers), *[f"{pictures} pictures of MNIST"] * (pictures > 0)])


def overrule(logits: Tensor, classes: Tensor, misread: Tensor) -> Tensor:
    """Let the label answer where the teachers are known to be wrong: they would teach their own error.

    logits: (n, 11) of teachers, or (n, 0) without them; classes: (n,); misread: (n,) bool, from which examples. An
    answer that agrees with the label stays.
    """
    if not logits.shape[1]:
        return logits
    wrong = misread & (logits.argmax(1) != classes)
    labels = log_softmax(torch.eye(NOT_A_DIGIT + 1)[classes].clamp(min=LEAST).log(), 1)
    return torch.where(wrong.unsqueeze(1), labels, logits)


def teacher_logits(model: Model, pictures: Tensor) -> Tensor:
    """(n, 1, 28, 28) → (n, 11): log probabilities before calibration.

    P(digit), P(not a digit) and the ten P(label | digit) are at least 1e-7.
    """
    probabilities, confidence = map(torch.from_numpy, model(pictures.numpy()))
    pairs = zip(confidence.tolist(), probabilities.amax(1).tolist(), strict=True)
    digit = torch.tensor([digit_probability(*pair) for pair in pairs]).clamp(LEAST, 1 - LEAST).unsqueeze(1)
    chances = torch.cat([digit * probabilities.clamp(min=LEAST), 1 - digit], 1)
    calibration = model.card.calibration
    assert calibration  # noqa: S101 — `Teachers` has checked it
    bias = calibration.bias * torch.eye(NOT_A_DIGIT + 1)[NOT_A_DIGIT]
    return log_softmax((chances.log() - bias) * calibration.temperature, 1)


def distillation_loss(logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """Return the mean cross-entropy to the teachers' probabilities; both logits are (n, 11).

    The temperature divides both. The factor temperature² keeps the gradient as large as at temperature 1.
    """
    chances = softmax(teacher_logits / temperature, 1)
    return -(temperature**2) * (chances * log_softmax(logits / temperature, 1)).sum(1).mean()
