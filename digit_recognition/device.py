"""What a browser needs to answer by itself: the doors, the model in use and its rule. Knows files, not requests.

Each file has its SHA-256 in its address, so that what was fetched once is kept for ever.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.templatetags.static import static
from django.urls import reverse

from digit_recognition.models import DigitModel
from recognizer.doors.session import DOORS
from recognizer.errors import ModelError, RecognizerError
from recognizer.model import check_file

STATIC = "digit_recognition"
WASM = f"{STATIC}/vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm"


def parts() -> dict[str, Any] | None:
    """The worker's address and what it is to load; None where the server itself has no usable model."""
    try:
        card = DigitModel.objects.active().card
    except (RecognizerError, DatabaseError):
        return None
    files = {
        "wasm": static(WASM),
        "strokes": _door_address("strokes.onnx"),
        "pixels": _door_address("pixels.onnx"),
        "model": reverse("digit_recognition:weights", args=[card["sha256"]]),
    }
    task = {"files": files, "rule": card["rule"], "model": card["name"]}
    return {"engine": static(f"{STATIC}/engine.js"), "task": task}


def door(name: str, sha256: str) -> bytes | None:
    """The door of that name, if it is the one that was asked for."""
    if name not in ("strokes.onnx", "pixels.onnx") or _digest(DOORS / name) != sha256:
        return None
    return (DOORS / name).read_bytes()


def weights(sha256: str) -> bytes | None:
    """`model.onnx` of a registered model, whether or not it is the one in use: a page may have been open for long.

    Raises `ModelError` where its file is missing or damaged.
    """
    model = DigitModel.objects.filter(sha256=sha256).first()
    if model is None:
        return None
    check_file(model.path, sha256)
    try:
        return model.path.read_bytes()
    except OSError as error:
        raise ModelError(f"{model.path}: {error.strerror}") from error


def _door_address(name: str) -> str:
    return reverse("digit_recognition:door", args=[_digest(DOORS / name), name])


@cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
