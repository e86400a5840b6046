"""What engines are handed: one thing to read each, small enough to travel to another process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Concatenate, ParamSpec

from recognizer.errors import BrokenPicture, InkError
from recognizer.ink import Image

Options = ParamSpec("Options")
Reader = Callable[Concatenate[Path, Options], Iterator["Item"]]
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
    kept: other columns of its row in a table; see `kept.Kept`.
    """

    file: str
    content: Path | Url | bytes | Image | Drawing | InkError
    page: int | None = None
    label: str | None = None
    kept: bytes | None = None


def ends_with_its_error(kind: str, damage: tuple[type[Exception], ...]) -> Callable[[Reader[Options]], Reader[Options]]:
    """For what reads a file of many: where the file breaks, its last item says why, and the run goes on."""

    def guarded(read: Reader[Options]) -> Reader[Options]:
        @wraps(read)
        def reading(file: Path, /, *args: Options.args, **options: Options.kwargs) -> Iterator[Item]:
            try:
                yield from read(file, *args, **options)
            except InkError as error:
                yield Item(str(file), error)
            except damage as error:
                text = "the {kind} file cannot be read on: {why}"
                yield Item(str(file), BrokenPicture(text, kind=kind, why=str(error)))

        return reading

    return guarded
