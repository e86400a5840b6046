"""Items → pages, ready to be read. Opens files; knows no models."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognizer.bulk import limits
from recognizer.bulk.inputs import pdf, remote
from recognizer.bulk.inputs.files import refuse_endless
from recognizer.bulk.inputs.lines import parse
from recognizer.bulk.items import MOST_BYTES, Drawing, Item, Line, Url
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge
from recognizer.ink import Pixels, Strokes, strokes_from
from recognizer.pictures import frames


@dataclass(frozen=True, eq=False)
class Page:
    """One picture or drawing of an item, or the error that replaces it."""

    item: Item
    number: int  # from 1
    ink: Pixels | Strokes | InkError

    @property
    def nbytes(self) -> int:
        return 0 if isinstance(self.ink, InkError) else self.ink.nbytes


def pages_of(item: Item) -> Iterator[Page]:
    """Yield at least one page. Whatever a parser raises becomes a page with that error."""
    number = item.page or 1
    try:
        if isinstance(item.content, Line):
            item = parse(item, item.content)
        for ink in _inks(item):
            yield Page(item, number, ink)
            number += 1
    except InkError as error:  # of the whole item; the error of a single page is yielded above
        yield Page(item, number, error)
    except Exception as error:
        yield Page(item, number, BrokenPicture("it cannot be read: {why}", why=limits.reason(error)))


def _inks(item: Item) -> Iterator[Pixels | Strokes | InkError]:
    content = item.content
    assert not isinstance(content, Line)  # `pages_of` has parsed it  # noqa: S101
    if isinstance(content, InkError):
        raise content
    if isinstance(content, Drawing):
        yield strokes_from(content.strokes, content.min_extent)
    elif isinstance(content, np.ndarray):
        yield Pixels(content)  # of a stack; the reader of stacks has checked its shape
    else:
        data = content if isinstance(content, bytes) else _read(content)
        is_pdf = data.startswith(b"%PDF")
        images = pdf.pages(data) if is_pdf else limits.with_memory_for_pictures(frames(data))
        yield from (image if isinstance(image, InkError) else Pixels(image) for image in images)


def _read(file: Path | Url) -> bytes:
    if isinstance(file, Url):
        return remote.read(file)
    try:
        refuse_endless(file)
        if file.stat().st_size > MOST_BYTES:
            raise PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
        return file.read_bytes()
    except OSError as error:
        raise BrokenPicture("it cannot be opened: {why}", why=error.strerror) from None
