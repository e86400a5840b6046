"""The app's system checks. Only `check_active` needs a database; it runs under `check --database`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError

import recognizer
from digit_recognition.conf import conf
from digit_recognition.models import DigitModel
from digit_recognition.registry import model_folders
from recognizer.card import ModelCard
from recognizer.doors.session import DOOR_FILES, door_digests
from recognizer.errors import ModelError

RESTORE = (
    "Restore the folder from the repository or the wheel, or set DIGIT_RECOGNITION_MODELS to a folder of complete "
    "models. Until then, every prediction is answered with 503."
)
NO_PATH = (
    "Remove the setting to use the shipped models, or set it to the folder of your models, as text or as a Path. Until "
    "then, every prediction is answered with 503."
)
MIGRATE = (
    "Run `python manage.py migrate` to use the shipped model. To keep the old one, first copy its folder to {models}. "
    "Until then, every prediction is answered with 503."
)
IMPORTED = (
    "Mount the folder of imported models (DIGIT_RECOGNITION_IMPORTED) on this machine, import the file here under the "
    "same name, or use another model: python manage.py activate_model --previous. Until then, every prediction is "
    "answered with 503."
)


def check_shipped(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check the shipped models.

    E001: the folder has no model. E002: a card cannot be read, or the newest model cannot be used. E005: the setting is
    not a path. Older models are not loaded, because only the newest is activated automatically.
    """
    try:
        folders = model_folders(conf.MODELS)
    except ModelError as error:
        return [Error(f"{error}.", hint=NO_PATH, id="digit_recognition.E005")]
    if not folders:
        return [Error(f"There is no model in {conf.MODELS}.", hint=RESTORE, id="digit_recognition.E001")]
    messages: list[CheckMessage] = []
    versions: dict[Path, int] = {}
    for folder in folders:
        try:
            versions[folder] = ModelCard.read(folder).version
        except ModelError as error:
            messages.append(_unusable_error(folder, error))
    if versions:
        messages += _check_model(max(versions, key=versions.__getitem__))
    return messages


def check_active(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W004: the model in use is missing or damaged. W006: see `_check_doors`.

    W004 is a warning because `migrate` repairs it, and `migrate` stops at errors.
    """
    if DigitModel.objects.db not in (databases or ()):
        return []
    try:
        models = conf.MODELS
    except ModelError:  # check_shipped reports it as E005
        return []
    row = None
    try:
        row = DigitModel.objects.filter(active=True).first()
        if row:
            row.card  # noqa: B018 - loads the model
    except DatabaseError:  # no table before the first `migrate`
        return []
    except ModelError as error:
        hint = IMPORTED if row and row.origin == DigitModel.Origin.IMPORTED else MIGRATE.format(models=models)
        return [CheckWarning(f"The model in use cannot be loaded: {error}.", hint=hint, id="digit_recognition.W004")]
    return _check_doors(row) if row else []


def _check_doors(row: DigitModel) -> list[CheckMessage]:
    """W006: the model's scores were measured through other doors than those that are installed."""
    if not row.card.doors or row.card.doors == door_digests():
        return []
    return [
        CheckWarning(
            f"The scores of {row} were measured through other versions of the doors ({', '.join(DOOR_FILES)}).",
            hint=f"Measure it again: python manage.py evaluate_model {row.path.parent} --write",
            id="digit_recognition.W006",
        )
    ]


def check_limits(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E003: a limit is not a positive whole number."""
    points: object = conf.MAX_POINTS
    if isinstance(points, int) and not isinstance(points, bool) and points > 0:
        return []
    return [
        Error(
            f"DIGIT_RECOGNITION_MAX_POINTS is {points!r}, not a positive whole number.",
            hint="Remove the setting to use the default of 10,000, or set the most points that a drawing may have.",
            id="digit_recognition.E003",
        )
    ]


def _check_model(folder: Path) -> list[CheckMessage]:
    try:
        recognizer.load(folder)
    except ModelError as error:
        return [_unusable_error(folder, error)]
    return []


def _unusable_error(folder: Path, error: Exception) -> Error:
    return Error(f"The model in {folder} cannot be loaded: {error}.", hint=RESTORE, id="digit_recognition.E002")
