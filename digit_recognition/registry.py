"""Keeps the table of models in step with the models that are shipped. Knows files and rows, not predictions."""

import logging
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as installed_apps
from django.db import router, transaction
from django.db.models import Manager

from digit_recognition.conf import conf
from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.structured import to_json

logger = logging.getLogger(__name__)


def register_shipped(using: str = "default", apps: Apps = installed_apps, **kwargs: Any) -> None:
    """After each `migrate`: a row for each shipped model, and the newest version active unless a person chose.

    A signal's handler and not a migration, which would run once and never see the next version.
    """
    try:
        model: Any = apps.get_model("digit_recognition", "DigitModel")
    except LookupError:  # migrated back to where there is no table
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
    """The folders in `models` that are meant as models, whole or not, by name."""
    if not models.is_dir():
        return []
    return sorted(folder for folder in models.iterdir() if folder.is_dir() and folder.name[0] not in "._")


def _register(rows: "Manager[Any]", folder: Path) -> str | None:
    """The model's name, or None where its card cannot be read."""
    try:
        card = ModelCard.read(folder)
    except ModelError:
        # `migrate` must go on, and the system check says what is wrong, with a hint.
        logger.warning("The model in %s is not registered: its model.json cannot be read", folder)
        return None
    values = {"version": card.version, "sha256": card.sha256, "scores": to_json(card.scores)}
    rows.update_or_create(name=card.name, defaults={**values, "file": f"{folder.name}/model.onnx"})
    return card.name


def _activate_newest(rows: "Manager[Any]", shipped: list[str]) -> None:
    """Of those shipped now: who goes back to an older release has rows whose files are gone."""
    before = rows.filter(active=True).first()
    if before and before.chosen and before.name in shipped:
        return
    newest = rows.filter(name__in=shipped).order_by("-version", "-pk").first()
    if newest is None or newest == before:
        return
    rows.filter(active=True).update(active=False, chosen=False)
    rows.filter(pk=newest.pk).update(active=True)
    if before and before.name not in shipped:
        logger.warning(
            "%s was in use and is missing or damaged; %s is in use now. To keep an old model, copy its folder to %s, "
            "migrate, and choose it in the admin.",
            before.name,
            newest.name,
            conf.MODELS,
        )
