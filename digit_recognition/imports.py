"""Imports networks into the registry: makes a model folder and a row. Only a child process opens the file."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import IntegrityError

from digit_recognition.conf import conf
from digit_recognition.models import DigitModel
from recognizer.card import ModelCard
from recognizer.errors import ModelError, UnusableFile
from recognizer.importing.importing import check_name, digest_of, import_model
from recognizer.structured import to_json

SHIPPED_NAME = re.compile(r"digits_v\d+")


def import_file(file: Path, name: str | None, say: Callable[[str], object]) -> DigitModel:
    """Import the network in `file` as a candidate, and return its row.

    name: of the model; None for the file's name without its ending. say: is called with each line of progress.
    If the row exists and its folder does not, as on a second machine, only the folder is made. If the folder exists and
    the row does not, as after a killed import of the same file, only the row is made. Raises `RecognizerError`.
    """
    name = check_name(name or file.stem)
    if SHIPPED_NAME.fullmatch(name):
        raise UnusableFile(f"Names such as {name} belong to shipped models. Choose another one with --name.")
    target = conf.IMPORTED / name
    row = DigitModel.objects.filter(name=name).first()
    if row and (row.origin != DigitModel.Origin.IMPORTED or target.exists()):
        raise UnusableFile(f"The name {name} is taken. Choose another one with --name.")
    card = _adopt(target, file) if target.exists() else import_model(file, target, say)
    if row:
        _check_same(row, card, target)
        return row
    return _register(name, card)


def _adopt(target: Path, file: Path) -> ModelCard:
    """Return the card of a folder without a row. Raises `UnusableFile` unless the folder was made from this file."""
    try:
        card = ModelCard.read(target)
    except ModelError:
        card = None
    if not (card and card.origin and file.is_file() and card.origin.sha256 == digest_of(file)):
        raise UnusableFile(
            f"{target} exists and is not in the registry. Choose another name with --name, or remove the folder."
        )
    return card


def _check_same(row: DigitModel, card: ModelCard, target: Path) -> None:
    """Remove the new folder and raise `UnusableFile` if it is not the registered model."""
    if card.sha256 != row.sha256:
        shutil.rmtree(target)
        raise UnusableFile(
            f"This file makes another model than the registered {row.name}. Copy the folder {target.name} from the "
            "machine that imported it, or choose another name with --name."
        )


def _register(name: str, card: ModelCard) -> DigitModel:
    try:
        return DigitModel.objects.create(
            name=name,
            origin=DigitModel.Origin.IMPORTED,
            file=f"{name}/model.onnx",
            sha256=card.sha256,
            scores=to_json(card.scores),
            note=card.note,
        )
    except IntegrityError:
        raise UnusableFile(f"The name {name} was taken in the meantime. Choose another one with --name.") from None
