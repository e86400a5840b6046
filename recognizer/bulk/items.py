"""Items: the units that engines read, small enough to send to another process."""

from dataclasses import dataclass
from pathlib import Path
from pickle import PickleBuffer
from posixpath import dirname, join, normpath
from typing import Any

import numpy as np

from recognizer.errors import InkError
from recognizer.ink import Image

MOST_BYTES = 64_000_000  # of one file, also inside an archive


class Other(InkError):
    """Why a file of a folder or an archive is not read, although nobody named it."""


@dataclass(frozen=True)
class Url:
    """A file in an object store: `s3://bucket/key`, `gs://bucket/key`."""

    text: str

    @property
    def name(self) -> str:
        """The last part, like `Path.name`."""
        return self.text.rpartition("/")[2]

    def beside(self, name: str) -> "Url":
        """Another file, by its path relative to the folder of this one."""
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
    """A line of JSONL: a drawing that is not parsed yet."""

    json: bytes


@dataclass(frozen=True, eq=False)
class Drawing:
    """Unchecked strokes; see `recognizer.ink.strokes_from`."""

    strokes: Any
    min_extent: float = 0.0


@dataclass(frozen=True, eq=False)
class Item:
    """One thing to read.

    file: the file's name in the rows.
    content: a file to open, bytes, a (H, W) picture, a drawing, a line with one, or the error that replaces them.
    page: its place in `file`, from 1; None if it may have several pages, which are counted when it is opened.
    label: the true digit, or another label; None if unknown.
    kept: other columns of its row in a table; see `kept.Kept`.
    """

    file: str
    content: Path | Url | bytes | Image | Line | Drawing | InkError
    page: int | None = None
    label: str | None = None
    kept: bytes | None = None

    @property
    def nbytes(self) -> int:
        """Bytes in memory, without some hundred for the object itself."""
        match self.content:
            case bytes(data) | Line(data):
                size = len(data)
            case np.ndarray() as image:
                size = image.nbytes
            case _:
                size = 0
        return size + len(self.kept or b"")

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """With pickle protocol 5, bytes may travel out of band, without a copy."""
        content = PickleBuffer(self.content) if isinstance(self.content, bytes) and protocol >= 5 else self.content
        return Item, (self.file, content, self.page, self.label, self.kept)
