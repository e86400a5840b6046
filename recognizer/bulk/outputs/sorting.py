"""Copies of what was read, in folders named for the digits and "unsure". Several processes may do so at once."""

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

UNSURE = "unsure"  # all that was declined
LONGEST_NAME = 255  # bytes: what file systems take


def put_copy(page: Page, answer: Prediction, folder: Path) -> None:
    """A copy of the file, or a PNG of the page where the file holds others too. Raises `OSError`."""
    chosen = folder / (UNSURE if answer.digit is None else str(answer.digit))
    chosen.mkdir(parents=True, exist_ok=True)
    own = _file_of(page.item)
    content = _png(page, answer) if own is None else own
    path = PurePath(page.item.file)
    name = f"{path.name.partition('.')[0]}-{page.number:06}.png" if own is None else path.name
    if len(os.fsencode(name)) > LONGEST_NAME or not _put(content, chosen / name):
        # Too long, or another of this name is there: what tells them apart is where they came from, and what they hold.
        origin = sha1(page.item.file.encode(errors="replace") + content, usedforsecurity=False).hexdigest()[:8]
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        kept = os.fsencode(stem)[: LONGEST_NAME - len(os.fsencode(f"-{origin}{suffix}"))].decode(errors="ignore")
        _put(content, chosen / f"{kept}-{origin}{suffix}")


def _put(content: bytes, target: Path) -> bool:
    """Whether the target holds it now."""
    try:
        file = target.open("xb")
    except FileExistsError:
        return target.read_bytes() == content
    try:
        with name_in_errors(target), file:
            file.write(content)
    except OSError:
        target.unlink()  # half of a copy would look like one
        raise
    return True


def _file_of(item: Item) -> bytes | None:
    """None where it is no file of one picture."""
    content = item.content
    found = format_of(item.file)
    if (found and found.several) or not isinstance(content, Path | bytes) or item.page:
        return None
    return content if isinstance(content, bytes) else content.read_bytes()


def _png(page: Page, answer: Prediction) -> bytes:
    """Of the picture that was read; of strokes, as the network saw them, dark on light."""
    image = page.ink.image if isinstance(page.ink, Pixels) else np.subtract(255, answer.seen, dtype=np.uint8)
    file = BytesIO()
    PillowImage.fromarray(image).save(file, "PNG")
    return file.getvalue()
