"""Reads regular files only, and writes files whole or not at all. Errors name the file."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def read_regular(file: Path, most_bytes: int) -> bytes:
    """Return the content of a file. Raises `OSError`, also for a larger file, and for a pipe or device.

    A pipe or device might never end, and root may open every device: permissions do not protect from it.
    """
    if not is_regular(file):
        raise OSError(errno.EINVAL, "it is not a regular file", str(file))
    with file.open("rb") as opened:
        content = opened.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"it has more than {most_bytes:,} bytes", str(file))
    return content


def is_regular(file: Path) -> bool:
    """False for a pipe or device, which might never end. Raises `OSError` if there is no such file."""
    return stat.S_ISREG(file.stat().st_mode)


@contextmanager
def name_in_errors(file: object) -> Iterator[None]:
    """Add the file's name to an `OSError` without one. The system's error about a full disk names no file."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:  # without a number, Python would show only the name
            error.filename = error.filename or str(file)
        raise


@contextmanager
def write_atomically(file: Path, temporary: Path) -> Iterator[IO[bytes]]:
    """Open `temporary` for writing, and move it to `file` once it is on the disk. A power cut leaves no half file."""
    try:
        with name_in_errors(file):
            with temporary.open("wb") as opened:
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
            temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
