"""Refuses files that cannot be read to their end, and tells which files of a folder are read."""

from pathlib import Path

from recognizer.bulk.inputs.formats import HIDDEN, is_picture, reason_to_skip
from recognizer.bulk.items import Item, Other
from recognizer.errors import BrokenPicture
from recognizer.files import is_regular
from recognizer.picture_kinds import START_BYTES


def refuse_endless(file: Path) -> None:
    """Raises `BrokenPicture` for a pipe or device, which may never end; `OSError` for a missing file."""
    if "\0" in str(file):  # such as a list from `find -print0`
        raise BrokenPicture("its name holds a NUL character; write one path per line, without -print0")
    if not is_regular(file):
        raise BrokenPicture("it is a pipe or a device, or a folder that you may not list")


def look_into(file: Path) -> Path | Item:
    """A file below a folder. If its ending is not that of a picture, an item: the picture, or why it is none."""
    if is_picture(file.name) and not file.name.startswith("."):
        return file
    return Item(str(file), _other(file) or file)


def _other(file: Path) -> Other | None:
    if file.name.startswith("."):
        return HIDDEN
    try:
        if file.is_dir():
            return Other("it is a link to a folder; links are not followed") if file.is_symlink() else None
        if not is_regular(file):
            return Other("it is a pipe or a device")
        with file.open("rb") as opened:
            return reason_to_skip(file.name, opened.read(START_BYTES))
    except OSError:  # opening it later gives the error
        return None
