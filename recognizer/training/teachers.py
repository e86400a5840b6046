"""What released models say of an example, for one that learns from them besides the labels (arXiv 1503.02531)."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import log_softmax, softmax

from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.training.config import Config
from recognizer.training.data import NOT_A_DIGIT

LEAST = 1e-7  # of a chance: what float32 keeps of one beside 1


class Teachers:
    """The released models that a configuration names.

    Raises `ModelError` where one is not here, and `RecognizerError` where one learnt from what is held out.
    """

    def __init__(self, config: Config) -> None:
        self.models = [Model(MODELS / name) for name in config.teachers]
        for model in self.models:
            if seen := seen_of_held_out(config, model.card.get("config", {})):
                raise RecognizerError(f"{model.name} cannot teach: it learnt from some of {', '.join(seen)}")

    def __call__(self, pictures: Tensor) -> Tensor:
        """(n, 1, 28, 28) → (n, 11), the mean of their logits; (n, 0) where there are none."""
        if not self.models:
            return torch.empty(len(pictures), 0)
        return torch.stack([logits_of(model, pictures) for model in self.models]).mean(0)


def seen_of_held_out(config: Config, teacher: dict[str, Any]) -> list[str]:
    """The fields of what `config` holds out that a teacher, by the configuration in its card, did not hold out."""
    writers = ("held_out_pen_writers", "held_out_letter_writers")
    seen = [name for name in writers if not set(getattr(config, name)) <= set(teacher.get(name, ()))]
    return seen + ["held_out_mnist"] * (config.held_out_mnist > teacher.get("held_out_mnist", 0))


def logits_of(model: Model, pictures: Tensor) -> Tensor:
    """(n, 1, 28, 28) → (n, 11): the logarithms of the eleven chances, as they were before calibration."""
    probabilities, confidence = map(torch.from_numpy, model(pictures.numpy()))
    digit = (confidence / probabilities.amax(1)).clamp(LEAST, 1 - LEAST).unsqueeze(1)
    chances = torch.cat([digit * probabilities.clamp(min=LEAST), 1 - digit], 1)
    calibration = model.card["calibration"]
    bias = calibration["bias"] * torch.eye(NOT_A_DIGIT + 1)[NOT_A_DIGIT]
    return log_softmax((chances.log() - bias) * calibration["temperature"], 1)


def distance(logits: Tensor, told: Tensor, softness: float) -> Tensor:
    """The mean cross-entropy to what the teachers said, both (n, 11) divided by `softness`, as steep as without it."""
    return -(softness**2) * (softmax(told / softness, 1) * log_softmax(logits / softness, 1)).sum(1).mean()
