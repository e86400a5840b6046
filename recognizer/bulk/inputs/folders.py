"""Lists files below a folder or for a pattern, sorted by name. Long lists are sorted on disk, not in memory."""

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

NAMES_AT_ONCE = 100_000  # names sorted in memory; more are sorted in parts of this many, in temporary files


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, folder by folder.

    A folder that is hidden, a link, or cannot be listed is yielded itself.
    """
    try:
        for name in sort_names(_list_names(folder)):
            path = folder / name.rstrip(os.sep)
            if name.endswith(os.sep):
                yield from files_below(path)
            else:
                yield path
    except PermissionError:
        yield folder


def files_like(pattern: str) -> Iterator[Path]:
    """The files that match a pattern such as `scans/**/*.png`, in order."""
    names = iglob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute patterns
    return (path for path in map(Path, sort_names(names)) if path.is_file())


def sort_names(names: Iterable[str]) -> Iterator[str]:
    """Sort names. More than `NAMES_AT_ONCE` are sorted in parts, written to temporary files and merged."""
    rest = iter(names)
    first = sorted(islice(rest, NAMES_AT_ONCE))
    if len(first) < NAMES_AT_ONCE:
        yield from first
        return
    with name_in_errors(gettempdir()), ExitStack() as files:
        parts = [_write_names(first, files)]
        while part := sorted(islice(rest, NAMES_AT_ONCE)):
            parts.append(_write_names(part, files))
        yield from heapq.merge(*map(_read_names, parts))


def _list_names(folder: Path) -> Iterator[str]:
    """Names in a folder. Those of folders to list end with a separator, so that no second look is needed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            is_listed = not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            yield entry.name + os.sep * is_listed


def _write_names(names: list[str], files: ExitStack) -> IO[bytes]:
    file = files.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    file.writelines(os.fsencode(name) + b"\0" for name in names)
    file.seek(0)
    return file


def _read_names(file: IO[bytes]) -> Iterator[str]:
    rest = b""
    while part := file.read(1 << 16):
        *names, rest = (rest + part).split(b"\0")
        yield from map(os.fsdecode, names)
