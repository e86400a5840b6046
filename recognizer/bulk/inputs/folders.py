"""Files below a folder or a pattern, in order of their names, however many: memory holds a part of them at a time."""

import heapq
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from glob import iglob
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO

from recognizer.files import name_in_errors

NAMES_AT_ONCE = 100_000  # names held in memory; more of them in one folder go through files of this many


def files_below(folder: Path) -> Iterator[Path]:
    """Every file that is not hidden, folder by folder; links to folders are not followed.

    A folder that cannot be listed comes itself: whoever opens it learns why.
    """
    try:
        for name in in_order(_names(folder)):
            path = folder / name.rstrip(os.sep)
            if name.endswith(os.sep):
                yield from files_below(path)
            else:
                yield path
    except PermissionError:
        yield folder


def files_like(pattern: str) -> Iterator[Path]:
    """What a pattern such as `scans/**/*.png` stands for, in order."""
    found = iglob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute patterns
    return (path for path in map(Path, in_order(found)) if path.is_file())


def in_order(names: Iterable[str]) -> Iterator[str]:
    """Sorted; more than fit in memory are sorted in parts, written to files and merged."""
    rest = iter(names)
    first = sorted(islice(rest, NAMES_AT_ONCE))
    if len(first) < NAMES_AT_ONCE:
        yield from first
        return
    with name_in_errors(gettempdir()), ExitStack() as files:
        parts = [_spilled(first, files)]
        while part := sorted(islice(rest, NAMES_AT_ONCE)):
            parts.append(_spilled(part, files))
        yield from heapq.merge(*map(_names_in, parts))


def _names(folder: Path) -> Iterator[str]:
    """Those of folders end with a separator, so that they need not be asked for again."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield entry.name + os.sep * entry.is_dir(follow_symlinks=False)


def _spilled(names: list[str], files: ExitStack) -> IO[bytes]:
    file = files.enter_context(TemporaryFile())  # noqa: SIM115 - so it is one
    file.writelines(os.fsencode(name) + b"\0" for name in names)
    file.seek(0)
    return file


def _names_in(file: IO[bytes]) -> Iterator[str]:
    rest = b""
    while part := file.read(1 << 16):
        *names, rest = (rest + part).split(b"\0")
        yield from map(os.fsdecode, names)
