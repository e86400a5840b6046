"""The app's system checks. None of them needs a database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

import recognizer
from digit_recognition.conf import conf
from digit_recognition.registry import model_folders
from recognizer.errors import ModelError

RESTORE = (
    "Restore the folder from the repository or the wheel that it came with, or point DIGIT_RECOGNITION_MODELS to "
    "a folder of whole models. Until then every prediction is answered with 503."
)


def check_models(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E001: no model at all. E002: a model that is incomplete or damaged."""
    folders = model_folders(conf.MODELS)
    if not folders:
        return [Error(f"There is no model in {conf.MODELS}.", hint=RESTORE, id="digit_recognition.E001")]
    return [message for folder in folders for message in _check_model(folder)]


def check_limits(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E003: a limit that is no positive whole number."""
    points: object = conf.MAX_POINTS
    if isinstance(points, int) and not isinstance(points, bool) and points > 0:
        return []
    return [
        Error(
            f"DIGIT_RECOGNITION_MAX_POINTS is {points!r}, not a positive whole number.",
            hint="Remove the setting for the default of 10,000 points, or set the most points that a drawing may have.",
            id="digit_recognition.E003",
        )
    ]


def _check_model(folder: Path) -> list[CheckMessage]:
    try:
        recognizer.load(folder)
    except ModelError as error:
        return [
            Error(f"The model in {folder} cannot be used: {error}.", hint=RESTORE, id="digit_recognition.E002"),
        ]
    return []
