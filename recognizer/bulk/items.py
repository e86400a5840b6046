"""What engines are handed: one thing to read each, small enough to travel to another process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.errors import InkError
from recognizer.ink import Image

MOST_BYTES = 64_000_000  # of one file, and of one file in an archive


@dataclass(frozen=True, eq=False)
class Drawing:
    """Strokes as they came, unchecked; see `recognizer.ink.strokes_from`."""

    strokes: Any
    min_extent: float = 0.0


@dataclass(frozen=True, eq=False)
class Item:
    """One thing to read.

    file: the name that its rows bear.
    content: a file yet to be opened, its bytes, a (H, W) picture, a drawing, or why there is none of these.
    page: its place in `file`, from 1; None where that has pages of its own, which are counted when it is opened.
    label: what it is said to be, where that is known.
    """

    file: str
    content: Path | bytes | Image | Drawing | InkError
    page: int | None = None
    label: str | None = None
