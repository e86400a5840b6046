"""A run's checkpoint on disk: read as it was written, or an error. Knows nothing of its content.

The file begins with the SHA-256 of the content. One file, so that a stop cannot separate the two.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import torch

from recognizer.errors import RecognizerError
from recognizer.files import write_atomically

HEAD_BYTES = 65  # SHA-256 in hexadecimal, and a newline


def write(state: dict[str, Any], file: Path) -> None:
    """Write to a second file and move it, so that a stop leaves the previous checkpoint.

    Raises `OSError` with the file's name.
    """
    content = io.BytesIO()
    torch.save(state, content)
    file.parent.mkdir(parents=True, exist_ok=True)
    with write_atomically(file, file.with_suffix(".part")) as opened:
        opened.write(_head(content.getbuffer()))
        opened.write(content.getbuffer())


def read(file: Path, device: torch.device) -> dict[str, Any] | None:
    """Return the state, or None if the file is missing. Raises `RecognizerError` if `write` did not write it."""
    if not file.exists():
        return None
    whole = memoryview(file.read_bytes())
    content = whole[HEAD_BYTES:]
    if whole[:HEAD_BYTES] != _head(content):
        raise RecognizerError(
            f"{file} is damaged, cut off or of an older release: the content does not match its SHA-256. Restore "
            "it from a copy, or move it away to begin again with the first epoch."
        )
    state: dict[str, Any] = torch.load(io.BytesIO(content), map_location=device, weights_only=True)
    return state


def _head(content: memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n"
