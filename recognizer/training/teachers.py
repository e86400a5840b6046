"""What released models say of an example, for one that learns from them besides the labels (arXiv 1503.02531)."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import log_softmax, softmax

from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.training.config import Config

ARCHIVE = Path(__file__).parents[2] / "archive/models"  # of a clone; a wheel holds the shipped model alone
LEAST = 1e-7  # of a chance: what float32 keeps of one beside 1


class Teachers:
    """The released models that a configuration names.

    Raises `ModelError` where one is damaged, and `RecognizerError` where one is not here or cannot teach: it learnt
    from pictures or writers that are held out here, or its card does not say. Which letters of the fonts it saw, no
    card says.
    """

    def __init__(self, config: Config) -> None:
        self.models = [Model(folder_of(name)) for name in config.teachers]
        for model in self.models:
            if model.card.calibration is None or not model.card.config:
                raise RecognizerError(f"{model.name} cannot teach: its card lacks calibration or config")
            if seen := held_out_overlap(config, model.card.config):
                raise RecognizerError(f"{model.name} cannot teach: what is held out here it learnt from: {seen}")

    def __call__(self, pictures: Tensor) -> Tensor:
        """(n, 1, 28, 28) → (n, 11), the mean of their logits; (n, 0) where there are none."""
        if not self.models:
            return torch.empty(len(pictures), 0)
        return torch.stack([teacher_logits(model, pictures) for model in self.models]).mean(0)


def folder_of(name: str) -> Path:
    """Of a released model: the shipped one, or one of the archive. Raises `RecognizerError` for others."""
    for models in (MODELS, ARCHIVE):
        if (models / name).is_dir():
            return models / name
    raise RecognizerError(f"no model {name} to learn from: train in a clone of the repository, which has {ARCHIVE}")


def held_out_overlap(config: Config, teacher: dict[str, Any]) -> str:
    """What `config` holds out and a teacher's configuration did not; empty where there is nothing."""
    held_out = {*config.held_out_pen_writers, *config.held_out_letter_writers}
    writers = held_out - {*teacher["held_out_pen_writers"], *teacher["held_out_letter_writers"]}
    pictures = config.held_out_mnist - teacher["held_out_mnist"]
    return ", ".join([*sorted(writers), *[f"{pictures} pictures of MNIST"] * (pictures > 0)])


def teacher_logits(model: Model, pictures: Tensor) -> Tensor:
    """(n, 1, 28, 28) → (n, 11): log chances as they were before calibration, none below 1e-7 of a digit's or all's."""
    probabilities, confidence = map(torch.from_numpy, model(pictures.numpy()))
    digit = (confidence / probabilities.amax(1)).clamp(LEAST, 1 - LEAST).unsqueeze(1)
    chances = torch.cat([digit * probabilities.clamp(min=LEAST), 1 - digit], 1)
    calibration = model.card.calibration
    assert calibration  # whoever chose the model has looked  # noqa: S101
    bias = calibration.bias * torch.eye(NOT_A_DIGIT + 1)[NOT_A_DIGIT]
    return log_softmax((chances.log() - bias) * calibration.temperature, 1)


def distillation_loss(logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """The mean cross-entropy to the teachers' chances, both (n, 11) at this temperature.

    Times its square, by which the gradient is as large as without it.
    """
    chances = softmax(teacher_logits / temperature, 1)
    return -(temperature**2) * (chances * log_softmax(logits / temperature, 1)).sum(1).mean()
