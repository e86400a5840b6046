"""Copies pictures into a folder per digit and "unsure". Several processes may do so at once."""

import os
from hashlib import sha1
from io import BytesIO
from pathlib import Path, PurePath

import numpy as np
from PIL import Image as PillowImage

from recognizer.bulk.inputs.formats import format_of
from recognizer.bulk.inputs.pages import Page
from recognizer.bulk.items import Item
from recognizer.files import name_in_errors
from recognizer.ink import Pixels
from recognizer.prediction import Prediction

UNSURE = "unsure"  # for all declined pictures
LONGEST_NAME = 255  # bytes, the limit of file systems


def save_copy(page: Page, answer: Prediction, folder: Path) -> None:
    """Copy the file, or save the page as a PNG if the file may hold several. Raises `OSError`."""
    chosen = folder / (UNSURE if answer.digit is None else str(answer.digit))
    chosen.mkdir(parents=True, exist_ok=True)
    original = _original(page.item)
    content = _png(page, answer) if original is None else original
    path = PurePath(page.item.file)
    name = f"{path.name.partition('.')[0]}-{page.number:06}.png" if original is None else path.name
    if len(os.fsencode(name)) > LONGEST_NAME or not _save(content, chosen / name):
        # The name is too long, or another file has it: add a hash of the source's name and the content.
        origin = sha1(page.item.file.encode(errors="replace") + content, usedforsecurity=False).hexdigest()[:8]
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        stem = os.fsencode(stem)[: LONGEST_NAME - len(os.fsencode(f"-{origin}{suffix}"))].decode(errors="ignore")
        _save(content, chosen / f"{stem}-{origin}{suffix}")


def _save(content: bytes, target: Path) -> bool:
    """Write a new file. Return False if the file exists with other content."""
    try:
        file = target.open("xb")
    except FileExistsError:
        return target.read_bytes() == content
    try:
        with name_in_errors(target), file:
            file.write(content)
    except OSError:
        target.unlink()  # half a copy would look like a whole one
        raise
    return True


def _original(item: Item) -> bytes | None:
    """The file's bytes; None if it is not a file of exactly one picture."""
    content = item.content
    kind = format_of(item.file)
    if (kind and kind.several) or not isinstance(content, Path | bytes) or item.page:
        return None
    return content if isinstance(content, bytes) else content.read_bytes()


def _png(page: Page, answer: Prediction) -> bytes:
    """The picture as a PNG; for strokes, the picture that the network saw, dark on light."""
    image = page.ink.image if isinstance(page.ink, Pixels) else np.subtract(255, answer.seen, dtype=np.uint8)
    file = BytesIO()
    PillowImage.fromarray(image).save(file, "PNG")
    return file.getvalue()
