"""The app's settings and their defaults. checks.py validates them."""

from pathlib import Path

from django.conf import settings

import recognizer
from recognizer.errors import ModelError


class Conf:
    """Reads each setting at each use, so that a test or a project can change it at any time."""

    @property
    def MODELS(self) -> Path:  # noqa: N802 - settings are written in capitals
        """The folder of the shipped models, a subfolder for each. Raises `ModelError` if the setting is not a path."""
        models: object = getattr(settings, "DIGIT_RECOGNITION_MODELS", recognizer.MODELS)
        if not isinstance(models, str | Path) or not str(models).strip():
            raise ModelError(f"DIGIT_RECOGNITION_MODELS is {models!r}, not the path of a folder")
        return Path(models)

    @property
    def IMPORTED(self) -> Path:  # noqa: N802
        """The folder of imported models. Raises `ModelError` if the setting is missing or not a path."""
        folder: object = getattr(settings, "DIGIT_RECOGNITION_IMPORTED", None)
        if not isinstance(folder, str | Path) or not str(folder).strip():
            raise ModelError(
                "DIGIT_RECOGNITION_IMPORTED is not the path of a folder. Set it to a folder for imported models"
            )
        return Path(folder)

    @property
    def MAX_POINTS(self) -> int:  # noqa: N802
        """The most points that one drawing may have; a stroke without points counts as one point."""
        return getattr(settings, "DIGIT_RECOGNITION_MAX_POINTS", 10_000)


conf = Conf()
