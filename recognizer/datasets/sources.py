"""Finds data files in `DIGITS_DATA` or the cache, unpacks and verifies them. Downloads nothing."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recognizer.datasets.formats import DataError
from recognizer.errors import how_to_install

ENDINGS = ("", ".gz", ".Z")
MISSING_PACKAGES = f"this needs more packages. {how_to_install('train')}"


@dataclass(frozen=True)
class Source:
    """One file of a data set.

    path: its place in the data folder, without .gz or .Z.
    sha256: of the decompressed content: archives pack the same content in several ways.
    mirrors: addresses of the file, compressed or not; the first with the right content is used.
    """

    path: str
    sha256: str
    mirrors: tuple[str, ...] = ()


class MissingPackages(DataError):
    """A package that unpacks the file is not installed."""


def available_form(*forms: Source) -> Source:
    """Return the first form of a file that is on this machine, else the first that can be downloaded."""
    local = (form for form in forms if find(form))
    remote = (form for form in forms if form.mirrors)
    return next(local, next(remote, forms[0]))


def find(source: Source) -> Path | None:
    """Return the source's file in `DIGITS_DATA` or in the cache, not verified; None if it is missing.

    Raises `DataError` if `DIGITS_DATA` is not a folder.
    """
    places = (folder / f"{source.path}{ending}" for folder in _folders() for ending in ENDINGS)
    return next(filter(Path.is_file, places), None)


def read_verified(file: Path, source: Source) -> bytes:
    """Return the file's content, decompressed. Raises `DataError` if it is damaged or not the source's."""
    content = _unpack(file)
    actual = hashlib.sha256(content).hexdigest()
    if actual != source.sha256:
        raise DataError(f"has other content: SHA-256 {actual}, not {source.sha256}")
    return content


def cache_folder() -> Path:
    """Return the platform's cache folder; it may not exist yet."""
    try:
        from platformdirs import user_cache_path
    except ImportError:
        raise DataError(MISSING_PACKAGES) from None
    return user_cache_path("digit-recognizer")


def _folders() -> list[Path]:
    named = [Path(folder)] if (folder := os.environ.get("DIGITS_DATA")) else []
    if any(not folder.is_dir() for folder in named):
        raise DataError(f"DIGITS_DATA is not a folder: {named[0]}")
    try:
        return [*named, cache_folder()]
    except DataError:  # platformdirs is not installed: DIGITS_DATA alone
        return named


def _unpack(file: Path) -> bytes:
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})") from None
    try:
        # By the first bytes, not the ending: some servers unpack .gz in transit and keep the name.
        return UNPACK.get(packed[:2], bytes)(packed)
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise DataError(f"is damaged or cut off ({error})") from None


def _uncompress(packed: bytes) -> bytes:
    try:
        from unlzw3 import unlzw
    except ImportError:
        raise MissingPackages(MISSING_PACKAGES) from None
    return bytes(unlzw(packed))


UNPACK: dict[bytes, Callable[[bytes], bytes]] = {b"\x1f\x8b": gzip.decompress, b"\x1f\x9d": _uncompress}
