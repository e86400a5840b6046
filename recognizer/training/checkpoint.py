"""A run's checkpoint on disk: as it was written, or an error. Knows nothing of what it holds.

The SHA-256 of what torch wrote stands before it, in the same file, so that no stop comes between the two.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import torch

from recognizer.errors import RecognizerError
from recognizer.files import write_atomically

HEAD_BYTES = 65  # SHA-256 in hexadecimal, and a line's end


def write(state: dict[str, Any], file: Path) -> None:
    """Beside first and then moved: a stop leaves the checkpoint before. Raises `OSError`, which names the file."""
    content = io.BytesIO()
    torch.save(state, content)
    file.parent.mkdir(parents=True, exist_ok=True)
    with write_atomically(file, file.with_suffix(".part")) as opened:
        opened.write(_head(content.getbuffer()))
        opened.write(content.getbuffer())


def read(file: Path, device: torch.device) -> dict[str, Any] | None:
    """None where there is none. Raises `RecognizerError` where it is not what `write` wrote."""
    if not file.exists():
        return None
    whole = memoryview(file.read_bytes())
    content = whole[HEAD_BYTES:]
    if whole[:HEAD_BYTES] != _head(content):
        raise RecognizerError(
            f"{file} is damaged, cut off or of an older release: its SHA-256 is not that of its content. Restore "
            "it from a copy, or move it away to begin again with the first epoch."
        )
    state: dict[str, Any] = torch.load(io.BytesIO(content), map_location=device, weights_only=True)
    return state


def _head(content: memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n"
