"""The files with which a browser answers on its own: engine, doors, model. Knows files, not requests.

Each address contains the SHA-256 of its file, so browsers may keep the file for ever.
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

from digit_recognition.device.modules import collect_imports
from digit_recognition.models import DigitModel
from recognizer.doors.session import DOOR_FILES, DOORS, LINE_CLEANER
from recognizer.errors import RecognizerError
from recognizer.numbers.line_model import NETWORK, SHIPPED_LINES, LineCard
from recognizer.structured import to_json

STATIC = "digit_recognition"
ENGINE = f"{STATIC}/engine/engine.js"
HERE = Path(__file__).parent
WASM = "ort-wasm-simd-threaded.wasm"  # `make vendor` compresses it from 14 MB to 2.3 (brotli) and 3.7 (gzip)
VENDORED = HERE.parent / "static/digit_recognition/vendor/onnxruntime-web/vendored.json"
FILES = {name: DOORS / name for name in (*DOOR_FILES, LINE_CLEANER)} | {NETWORK: SHIPPED_LINES / NETWORK}
ENDINGS = {"br": ".br", "gzip": ".gz"}  # content coding → file ending, smallest file first


@dataclass(frozen=True)
class EncodedFile:
    """A file's bytes as they are sent. coding: their Content-Encoding, or None if they are not compressed."""

    content: bytes
    coding: str | None


def parts() -> dict[str, Any] | None:
    """Return the address of the worker's script and its task, or None if the server has no usable model.

    The task names the files to load and the model. It holds the rule for declining, and how to weigh numbers.
    """
    try:
        card = DigitModel.objects.active().card
    except (RecognizerError, DatabaseError):
        return None
    files = {
        "wasm": reverse("digit_recognition:wasm", args=[_wasm_digest()]),
        "strokes": _door_address("strokes.onnx"),
        "cleaner": _door_address("cleaner.onnx"),
        "lineCleaner": _door_address(LINE_CLEANER),
        "placer": _door_address("placer.onnx"),
        "lines": _door_address(NETWORK),
        "model": reverse("digit_recognition:weights", args=[card.sha256]),
    }
    weights = {"strokes": to_json(_lines().strokes), "ink": to_json(_lines().ink)}
    task = {"files": files, "rule": to_json(card.rule), "weights": weights, "model": card.name}
    return {"engine": reverse("digit_recognition:starter", args=[_digest_of(_starter())]), "task": task}


def addresses() -> list[str]:
    """Return the address of every file that a browser loads to answer on its own.

    The list is empty if the server has no usable model.
    """
    worker = parts()
    if worker is None:
        return []
    return [worker["engine"], *map(static, collect_imports(ENGINE)), *worker["task"]["files"].values()]


def starter(sha256: str) -> bytes | None:
    """Return the script that starts the worker, or None if the SHA-256 does not match."""
    content = _starter()
    return content if _digest_of(content) == sha256 else None


def wasm(sha256: str, codings: set[str]) -> EncodedFile | None:
    """Return the engine, compressed if one of `codings` allows it, or None if the SHA-256 does not match."""
    if sha256 != _wasm_digest():
        return None
    for coding, ending in ENDINGS.items():
        if coding in codings:
            return EncodedFile(_content(HERE / f"wasm/{WASM}{ending}"), coding)
    return EncodedFile(gzip.decompress(_content(HERE / f"wasm/{WASM}.gz")), None)


def door(name: str, sha256: str) -> bytes | None:
    """Return the door or line network with that name and SHA-256, or None if there is no such file."""
    if name not in FILES or _digest(FILES[name]) != sha256:
        return None
    return _content(FILES[name])


def weights(sha256: str) -> bytes | None:
    """Return `model.onnx` of a registered model, or None if there is none with that SHA-256.

    The model need not be in use: a page may have been open since before the change. Raises `ModelError` if the file is
    missing or damaged.
    """
    return DigitModel.objects.network(sha256)


# Not a static file: a service worker serves a worker only if its script lies below the app's address, and static files
# may lie anywhere. It imports every module, so that browsers fetch them all at once.
def _starter() -> bytes:
    return "".join(f"import {json.dumps(static(name))};\n" for name in collect_imports(ENGINE)).encode()


def _door_address(name: str) -> str:
    return reverse("digit_recognition:door", args=[_digest(FILES[name]), name])


@cache
def _lines() -> LineCard:
    return LineCard.read(SHIPPED_LINES)


@cache
def _wasm_digest() -> str:
    return str(json.loads(VENDORED.read_text(encoding="utf-8"))["sha256"][WASM])


@cache
def _digest(file: Path) -> str:
    return _digest_of(_content(file))


# Cached, about 3 MB: an upgrade may replace the files while this process runs, but an address must keep its content.
@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
