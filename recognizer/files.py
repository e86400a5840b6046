"""How files are read and written: regular ones alone, whole or not at all, and errors name the file."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def read_regular(file: Path, most_bytes: int) -> bytes:
    """The content of a file. Raises `OSError`, also for a pipe or device, which might never end, and for a larger file.

    Root may open every device: that this process may read it says nothing.
    """
    if not is_regular(file):
        raise OSError(errno.EINVAL, "it is not a regular file", str(file))
    with file.open("rb") as opened:
        content = opened.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"it has more than {most_bytes:,} bytes", str(file))
    return content


def is_regular(file: Path) -> bool:
    """False for a pipe or device, which might never end. Raises `OSError` for no file at all."""
    return stat.S_ISREG(file.stat().st_mode)


@contextmanager
def naming(file: object) -> Iterator[None]:
    """To write in: the system's own error of a full disk names no file."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:  # without a number Python would show the name alone
            error.filename = error.filename or str(file)
        raise


@contextmanager
def written_whole(file: Path, beside: Path) -> Iterator[IO[bytes]]:
    """What is written is in `beside` first, and moved when it is on the disk: after a power cut no half is left."""
    try:
        with naming(file):
            with beside.open("wb") as opened:
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
            beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
