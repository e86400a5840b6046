"""Data files on this machine: found in `DIGITS_DATA` or the cache, unpacked, verified. Downloads nothing."""

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

    path: its place in the data folder, without the ending of its compression (.gz, .Z).
    sha256: of its content, that is decompressed: archives pack the same content in several ways.
    mirrors: addresses of it, compressed or not; the first that answers with the right content is taken.
    """

    path: str
    sha256: str
    mirrors: tuple[str, ...] = ()


class MissingPackages(DataError):
    """What unpacks the file is not installed."""


def available_form(*forms: Source) -> Source:
    """Of several forms of the same file the first that is here, else the first that can be downloaded."""
    here = (form for form in forms if find(form))
    from_afar = (form for form in forms if form.mirrors)
    return next(here, next(from_afar, forms[0]))


def find(source: Source) -> Path | None:
    """The source's file in `DIGITS_DATA` or in the cache; nothing is downloaded or verified.

    Raises `DataError` where `DIGITS_DATA` names no folder.
    """
    places = (folder / f"{source.path}{ending}" for folder in _folders() for ending in ENDINGS)
    return next(filter(Path.is_file, places), None)


def read_verified(file: Path, source: Source) -> bytes:
    """The file's content, decompressed; raises `DataError` if it is damaged or not the source's."""
    content = _unpack(file)
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise DataError(f"has other content: SHA-256 {found}, not {source.sha256}")
    return content


def cache_folder() -> Path:
    """The platform's folder for what can be downloaded again; made by the first download."""
    try:
        from platformdirs import user_cache_path
    except ImportError:
        raise DataError(MISSING_PACKAGES) from None
    return user_cache_path("digit-recognizer")


def _folders() -> list[Path]:
    named = [Path(folder)] if (folder := os.environ.get("DIGITS_DATA")) else []
    if any(not folder.is_dir() for folder in named):
        raise DataError(f"DIGITS_DATA names {named[0]}, which is no folder")
    try:
        return [*named, cache_folder()]
    except DataError:  # the serving packages alone: what DIGITS_DATA names can be read all the same
        return named


def _unpack(file: Path) -> bytes:
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})") from None
    try:
        # By the first bytes, not by the ending: some servers unpack .gz on the way and keep the name.
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
