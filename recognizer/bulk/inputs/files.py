"""Files that can be read to their end."""

from pathlib import Path

from recognizer.errors import BrokenPicture
from recognizer.files import is_regular


def refuse_endless(file: Path) -> None:
    """Raises `BrokenPicture` for a pipe, which would be waited for, and for a device; `OSError` for no file at all."""
    if "\0" in str(file):  # what `find -print0` lists, say
        raise BrokenPicture("its name holds a NUL, which no file's does; a list has a path a line")
    if not is_regular(file):
        raise BrokenPicture("it is no file, or a folder that cannot be listed")
