"""Asks a model about the pictures that the doors make."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recognizer.ink import Image
from recognizer.model import Model
from recognizer.prediction import Box, Prediction


def predictions_of(model: Model, pictures: npt.NDArray[np.float32], boxes: Sequence[Box | None]) -> list[Prediction]:
    """(N, 1, 28, 28) → N predictions. The network runs only on pictures with ink. boxes: where the ink is."""
    inked: npt.NDArray[np.bool_] = pictures.reshape(len(pictures), 28 * 28).max(1, initial=0) > 0
    answers = iter(zip(*model(pictures[inked]), strict=True))
    seen = np.rint(pictures[:, 0] * 255).astype(np.uint8)
    return [
        _prediction(model, picture, box, *next(answers)) if has_ink else _blank(model, picture)
        for picture, box, has_ink in zip(seen, boxes, inked, strict=True)
    ]


def _prediction(
    model: Model, seen: Image, box: Box | None, probabilities: npt.NDArray[np.float32], confidence: np.float32
) -> Prediction:
    best = int(probabilities.argmax())
    reason = model.rule.reason(float(confidence), float(probabilities[best]))
    digit = best if reason is None else None
    return Prediction(digit, float(confidence), tuple(probabilities.tolist()), reason, seen, model.name, box)


def _blank(model: Model, seen: Image) -> Prediction:
    return Prediction(None, 0.0, (0.1,) * 10, "blank", seen, model.name)
