"""What a browser needs to answer by itself: the doors, the model in use and its rule. Knows files, not requests.

Each file has its SHA-256 in its address, so that what was fetched once is kept for ever.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.templatetags.static import static
from django.urls import reverse

from digit_recognition.device.modules import with_imports
from digit_recognition.models import DigitModel
from recognizer.doors.session import DOORS
from recognizer.errors import RecognizerError
from recognizer.structured import to_json

STATIC = "digit_recognition"
ENGINE = f"{STATIC}/engine/engine.js"
HERE = Path(__file__).parent
WASM = "ort-wasm-simd-threaded.wasm"  # `make vendor` packs it: 14 MB are 2.3 by brotli, 3.7 by gzip
VENDORED = HERE.parent / "static/digit_recognition/vendor/onnxruntime-web/vendored.json"
ENDINGS = {"br": ".br", "gzip": ".gz"}  # by content coding, the smallest first


@dataclass(frozen=True)
class Packed:
    """A file's bytes as they are sent. coding: the Content-Encoding; None where they are the file's own."""

    content: bytes
    coding: str | None


def parts() -> dict[str, Any] | None:
    """The worker's address and what it is to load; None where the server itself has no usable model."""
    try:
        card = DigitModel.objects.active().card
    except (RecognizerError, DatabaseError):
        return None
    files = {
        "wasm": reverse("digit_recognition:wasm", args=[_wasm_digest()]),
        "strokes": _door_address("strokes.onnx"),
        "pixels": _door_address("pixels.onnx"),
        "model": reverse("digit_recognition:weights", args=[card.sha256]),
    }
    task = {"files": files, "rule": to_json(card.rule), "model": card.name}
    return {"engine": reverse("digit_recognition:starter", args=[_digest_of(_starter())]), "task": task}


def addresses() -> list[str]:
    """Every file that a browser loads to answer by itself; none where the server has no usable model."""
    found = parts()
    return [found["engine"], *map(static, with_imports(ENGINE)), *found["task"]["files"].values()] if found else []


def starter(sha256: str) -> bytes | None:
    """The script that starts the worker, if it is the one that was asked for."""
    content = _starter()
    return content if _digest_of(content) == sha256 else None


def wasm(sha256: str, codings: set[str]) -> Packed | None:
    """The engine, packed by one of these content codings, if it is the one that was asked for."""
    if sha256 != _wasm_digest():
        return None
    for coding, ending in ENDINGS.items():
        if coding in codings:
            return Packed(_content(HERE / f"wasm/{WASM}{ending}"), coding)
    return Packed(gzip.decompress(_content(HERE / f"wasm/{WASM}.gz")), None)


def door(name: str, sha256: str) -> bytes | None:
    """The door of that name, if it is the one that was asked for."""
    if name not in ("strokes.onnx", "pixels.onnx") or _digest(DOORS / name) != sha256:
        return None
    return _content(DOORS / name)


def weights(sha256: str) -> bytes | None:
    """`model.onnx` of a registered model, whether or not it is the one in use: a page may have been open for long.

    Raises `ModelError` where its file is missing or damaged.
    """
    return DigitModel.objects.network(sha256)


# A service worker answers for a worker only below the app's own address, and static files may lie anywhere. All of the
# worker's modules stand here, so that a browser fetches them at the same time.
def _starter() -> bytes:
    return "".join(f"import {json.dumps(static(name))};\n" for name in with_imports(ENGINE)).encode()


def _door_address(name: str) -> str:
    return reverse("digit_recognition:door", args=[_digest(DOORS / name), name])


@cache
def _wasm_digest() -> str:
    return str(json.loads(VENDORED.read_text(encoding="utf-8"))["sha256"][WASM])


@cache
def _digest(file: Path) -> str:
    return _digest_of(_content(file))


# Kept, some 3 MB: an upgrade replaces the files while this process answers, and an address names one content for ever.
@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
