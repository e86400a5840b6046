"""Refuses files that cannot be read to their end."""

from pathlib import Path

from recognizer.errors import BrokenPicture
from recognizer.files import is_regular


def refuse_endless(file: Path) -> None:
    """Raises `BrokenPicture` for a pipe or device, which may never end; `OSError` for a missing file."""
    if "\0" in str(file):  # such as a list from `find -print0`
        raise BrokenPicture("its name holds a NUL character; a list needs one path per line")
    if not is_regular(file):
        raise BrokenPicture("it is not a regular file, or is a folder that cannot be listed")
