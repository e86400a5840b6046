"""Where data files are: the folder in `DIGITS_DATA`, else the cache. Knows nothing of what is in them."""

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from recognizer.training.formats import DataError


@dataclass(frozen=True)
class Source:
    """One file of a data set.

    path: its place in the data folder, without the ending of its compression.
    sha256: of its content, that is decompressed: the same bytes are packed by several archives in several ways.
    """

    path: str
    sha256: str


def read(source: Source) -> bytes:
    """The source's content, decompressed and verified; raises `DataError` if it is nowhere or not as recorded."""
    for folder in folders():
        for file in (folder / source.path, folder / f"{source.path}.gz"):
            if file.is_file():
                return verified(unpacked(file), source, file)
    raise DataError(f"{source.path} is not there: set DIGITS_DATA to the folder that holds it")


def folders() -> list[Path]:
    named = os.environ.get("DIGITS_DATA")
    return [Path(named)] if named else []


def unpacked(file: Path) -> bytes:
    packed = file.read_bytes()
    try:
        return gzip.decompress(packed) if file.suffix == ".gz" else packed
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file} is damaged or cut off ({error}): delete it or fetch it anew") from None


def verified(content: bytes, source: Source, file: Path) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise DataError(f"{file}: its content has SHA-256 {found}, not {source.sha256}: delete it or fetch it anew")
    return content
