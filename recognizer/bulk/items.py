"""What engines are handed: one thing to read each, small enough to travel to another process."""

from dataclasses import dataclass
from pathlib import Path
from pickle import PickleBuffer
from posixpath import dirname, join, normpath
from typing import Any

import numpy as np

from recognizer.errors import InkError
from recognizer.ink import Image

MOST_BYTES = 64_000_000  # of one file, and of one file in an archive


@dataclass(frozen=True)
class Url:
    """A file in an object store: `s3://bucket/key`, `gs://bucket/key`."""

    text: str

    @property
    def name(self) -> str:
        """Its last part, as a path has it."""
        return self.text.rpartition("/")[2]

    def beside(self, name: str) -> "Url":
        """Another, by its path from the same folder."""
        scheme, _, path = self.text.partition("://")
        return Url(f"{scheme}://{normpath(join(dirname(path), name))}")

    def __truediv__(self, name: str) -> "Url":
        return Url(f"{self.text.rstrip('/')}/{name}")

    def __str__(self) -> str:
        return self.text


def is_url(name: str) -> bool:
    return name.startswith(("s3://", "gs://"))


@dataclass(frozen=True, eq=False)
class Line:
    """Of JSONL: a drawing that has not been parsed yet."""

    json: bytes


@dataclass(frozen=True, eq=False)
class Drawing:
    """Strokes as they came, unchecked; see `recognizer.ink.strokes_from`."""

    strokes: Any
    min_extent: float = 0.0


@dataclass(frozen=True, eq=False)
class Item:
    """One thing to read.

    file: the name that its rows bear.
    content: a file yet to be opened, its bytes, a (H, W) picture, a drawing or its line, or why there is none of these.
    page: its place in `file`, from 1; None where that has pages of its own, which are counted when it is opened.
    label: what it is said to be, where that is known.
    kept: other columns of its row in a table; see `kept.Kept`.
    """

    file: str
    content: Path | Url | bytes | Image | Line | Drawing | InkError
    page: int | None = None
    label: str | None = None
    kept: bytes | None = None

    @property
    def nbytes(self) -> int:
        """That it holds in memory, but for some hundred."""
        match self.content:
            case bytes(data) | Line(data):
                size = len(data)
            case np.ndarray() as image:
                size = image.nbytes
            case _:
                size = 0
        return size + len(self.kept or b"")

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Bytes may travel beside the pickle, uncopied; in it they are bytes as well."""
        content = PickleBuffer(self.content) if isinstance(self.content, bytes) and protocol >= 5 else self.content
        return Item, (self.file, content, self.page, self.label, self.kept)
