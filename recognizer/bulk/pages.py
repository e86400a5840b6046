"""What an item holds → its pages, ready to be read. Opens files; knows nothing of models."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognizer.bulk import pdf, remote
from recognizer.bulk.items import MOST_BYTES, Drawing, Item, Url
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge
from recognizer.ink import Pixels, Strokes, pixels_from, strokes_from
from recognizer.pictures import frames


@dataclass(frozen=True, eq=False)
class Page:
    """One picture or drawing of an item, or why it could not be read."""

    item: Item
    number: int  # from 1
    ink: Pixels | Strokes | InkError

    @property
    def nbytes(self) -> int:
        return 0 if isinstance(self.ink, InkError) else self.ink.nbytes


def pages_of(item: Item) -> Iterator[Page]:
    """At least one; what cannot be read comes as its error."""
    first = item.page or 1
    try:
        for number, ink in enumerate(_inks(item), first):
            yield Page(item, number, ink)
    except InkError as error:  # of the whole item: a page's own error comes in its place
        yield Page(item, first, error)


def _inks(item: Item) -> Iterator[Pixels | Strokes | InkError]:
    content = item.content
    if isinstance(content, InkError):
        raise content
    if isinstance(content, Drawing):
        yield strokes_from(content.strokes, content.min_extent)
    elif isinstance(content, np.ndarray):
        yield pixels_from(content)
    else:
        data = content if isinstance(content, bytes) else _read(content)
        found = pdf.pages(data) if data.startswith(b"%PDF") else frames(data)
        yield from (one if isinstance(one, InkError) else Pixels(one) for one in found)


def _read(file: Path | Url) -> bytes:
    if isinstance(file, Url):
        return remote.read(file)
    if "\0" in str(file):  # what `find -print0` lists, say
        raise BrokenPicture("its name holds a NUL, which no file's does; a list has a path a line")
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            # A pipe would be waited for, and a device has no end.
            raise BrokenPicture("it is no file, or a folder that cannot be listed")
        if found.st_size > MOST_BYTES:
            raise PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
        with file.open("rb") as opened:
            return opened.read()
    except OSError as error:
        raise BrokenPicture("it cannot be opened: {why}", why=error.strerror) from None
