"""A disk cache of traced glyphs: tracing takes ten seconds, and every process of a training needs them."""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import DataError
from recognizer.datasets.sources import cache_folder

Array = npt.NDArray[np.float64]
DAMAGE = (OSError, EOFError, ValueError, KeyError, BadZipFile)
Glyphs = tuple[tuple[str, tuple[Array, ...]], ...]  # character, strokes of (n, 2) x, y


def load_or_make(make: Callable[[], Glyphs], made_of: Sequence[bytes]) -> Glyphs:
    """Return the cached glyphs, or make them.

    made_of: everything the result depends on, code included; the file's name has its hash. Without a usable cache the
    glyphs are made each time.
    """
    file = _file_for(made_of)
    if file is None:
        return make()
    with suppress(*DAMAGE):
        return _read(file)
    glyphs = make()
    with suppress(OSError):
        _write(file, glyphs)
    return glyphs


def _file_for(made_of: Sequence[bytes]) -> Path | None:
    digest = hashlib.sha256()
    for part in made_of:
        digest.update(hashlib.sha256(part).digest())
    try:
        return cache_folder() / f"glyphs-{digest.hexdigest()[:16]}.npz"
    except DataError:  # platformdirs is not installed
        return None


def _read(file: Path) -> Glyphs:
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        chars, strokes, lengths, points = (arrays[name] for name in ("chars", "strokes", "lengths", "points"))
    lines = iter(np.split(points, np.cumsum(lengths)[:-1]))
    return tuple(
        (str(char), tuple(next(lines) for _ in range(count))) for char, count in zip(chars, strokes, strict=True)
    )


def _write(file: Path, glyphs: Glyphs) -> None:
    """Write the whole file or nothing, even if other processes write it, too."""
    lines = [line for _, strokes in glyphs for line in strokes]
    part = file.with_name(f".{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as opened:
            np.savez(
                opened,
                chars=np.array([char for char, _ in glyphs]),
                strokes=np.array([len(strokes) for _, strokes in glyphs]),
                lengths=np.array([len(line) for line in lines]),
                points=np.concatenate(lines),
            )
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
