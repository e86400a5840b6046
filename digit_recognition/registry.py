"""Keeps the table of models in step with the shipped models. Knows files and rows, not predictions."""

import logging
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as installed_apps
from django.db import router, transaction
from django.db.models import Manager
from django.utils import timezone

from digit_recognition.conf import conf
from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.structured import to_json

logger = logging.getLogger(__name__)


def register_shipped(using: str = "default", apps: Apps = installed_apps, **kwargs: Any) -> None:
    """Give each shipped model a row, and activate the newest version unless a person chose a model.

    Runs after each `migrate`, as a signal handler: a migration would run once and miss the next version.
    """
    try:
        model: Any = apps.get_model("digit_recognition", "DigitModel")
    except LookupError:  # migrated back to before the table
        return
    if not router.allow_migrate_model(using, model):
        return
    try:
        folders = model_folders(conf.MODELS)
    except ModelError as error:
        logger.warning("No model is registered: %s", error)
        return
    with transaction.atomic(using=using):
        rows = model._default_manager.using(using)
        shipped = [_register(rows, folder) for folder in folders]
        _activate_newest(rows, [name for name in shipped if name is not None])


def model_folders(models: Path) -> list[Path]:
    """Return the model folders in `models`, sorted by name. They may be incomplete or damaged."""
    if not models.is_dir():
        return []
    return sorted(folder for folder in models.iterdir() if folder.is_dir() and folder.name[0] not in "._")


def _register(rows: "Manager[Any]", folder: Path) -> str | None:
    """Return the model's name, or None if its card cannot be read or an imported model has its name."""
    try:
        card = ModelCard.read(folder)
    except ModelError:
        # `migrate` must go on. The system check names the fault and the remedy.
        logger.warning("The model in %s is not registered: its model.json cannot be read", folder)
        return None
    if rows.filter(name=card.name, origin="imported").exists():
        logger.warning("The shipped model %s is not registered: an imported model has its name", card.name)
        return None
    values = {"version": card.version, "sha256": card.sha256, "scores": to_json(card.scores), "note": card.note}
    rows.update_or_create(name=card.name, defaults={**values, "file": f"{folder.name}/model.onnx"})
    return card.name


def _activate_newest(rows: "Manager[Any]", shipped: list[str]) -> None:
    # An imported model in use was always chosen. Of the others, only those with files count: after a return to an
    # older release, some rows have no files.
    before = rows.filter(active=True).first()
    if before and (before.origin == "imported" or (before.chosen and before.name in shipped)):
        return
    newest = rows.filter(name__in=shipped).order_by("-version", "-pk").first()
    if newest is None or newest == before:
        return
    rows.filter(active=True).update(active=False, chosen=False)
    rows.filter(pk=newest.pk).update(active=True, activated_at=timezone.now())
    if before and before.name not in shipped:
        logger.warning(
            "%s was in use and is missing or damaged; %s is in use now. To keep an old model, copy its folder to %s, "
            "migrate, and choose it in the admin.",
            before.name,
            newest.name,
            conf.MODELS,
        )
