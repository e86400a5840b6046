"""The table of file formats: their endings, and how files are read and counted.

Reading, counting and sorting use this table. Endings match in any case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recognizer.bulk.inputs import archives, stacks, tables
from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import Item, Other
from recognizer.bulk.kept import Header
from recognizer.picture_kinds import kind_of
from recognizer.pictures import SCANNED_FORMATS


@dataclass(frozen=True)
class Format:
    """A file format.

    read: yields the items of a file that can hold many, such as an archive or a table; None for pictures: the file is
        one item, and the reader opens it.
    count: counts the rows of a file without opening each picture; None if that is impossible.
    several: True if one file can hold several pictures.
    in_folders: True if its items have a folder, which can be their label.
    header: reads the columns of a table; None for other formats.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, Columns], Iterator[Item]] | None = None
    count: Callable[[Path], int] | None = None
    several: bool = True
    in_folders: bool = False
    header: Callable[[IO[bytes], Columns], Header] | None = None


def _count_one(file: Path) -> int:
    """One row per file. A PDF, TIFF or GIF may hold more pages, but counting them would mean opening it."""
    return 1


def _picture(name: str, *endings: str, several: bool = False) -> Format:
    return Format(name, endings, count=_count_one, several=several, in_folders=True)


PICTURES = (
    _picture("PNG", ".png"),
    _picture("JPEG", ".jpg", ".jpeg", ".jpe", ".jfif"),
    _picture("WebP", ".webp"),
    _picture("AVIF", ".avif"),
    _picture("HEIC", ".heic", ".heif", ".hif"),
    _picture("JPEG 2000", ".jp2", ".j2k", ".jpf", ".jpx"),
    _picture("BMP", ".bmp"),
    _picture("GIF", ".gif", several=True),
    _picture("TIFF", ".tif", ".tiff", several=True),
    _picture("PDF", ".pdf", several=True),
)


def format_of(name: str) -> Format | None:
    """The format of a file, by the ending of its name; None for an unknown ending."""
    name = name.lower()
    return next((kind for kind in FORMATS if name.endswith(kind.endings)), None)


def is_picture(name: str) -> bool:
    return format_of(name) in PICTURES


HIDDEN = Other("its name or its folder's begins with a dot or with __MACOSX: hidden files are not read")


def reason_to_skip(name: str, start: bytes) -> Other | None:
    """Why a file that nobody named is not read; None for a picture, by the ending of its name or its first bytes."""
    return _reason_to_skip(name, start, "{kind} files in a folder are not read; name this one among the inputs")


def reason_to_skip_entry(name: str, start: bytes) -> Other | None:
    """The same for a file in an archive."""
    if archives.is_hidden(name):
        return HIDDEN
    return _reason_to_skip(name, start, "{kind} files in an archive are not read; unpack it first")


def _reason_to_skip(name: str, start: bytes, why: str) -> Other | None:
    """why: for files that are read elsewhere."""
    kind, found = format_of(name), kind_of(start)
    if kind in PICTURES or (found and found.pillow in (*SCANNED_FORMATS, "PDF")):
        return None
    return Other(why, kind=kind.name) if kind else Other("it is not a picture")


FORMATS = (
    *PICTURES,
    Format(
        "ZIP",
        (".zip",),
        lambda file, columns: archives.read_zip(file, reason_to_skip_entry),
        archives.count_zip,
        in_folders=True,
    ),
    Format(
        "TAR",
        (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
        lambda file, columns: archives.read_tar(file, reason_to_skip_entry),
        in_folders=True,
    ),
    Format(
        "IDX", (".idx", ".idx.gz", "-ubyte", "-ubyte.gz"), lambda file, columns: stacks.read_idx(file), stacks.count_idx
    ),
    Format("NPY", (".npy",), lambda file, columns: stacks.read_npy(file), stacks.count_npy),
    Format("NPZ", (".npz",), lambda file, columns: stacks.read_npz(file), stacks.count_npz),
    Format("JSONL", (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), lambda file, columns: tables.read_jsonl(file)),
    Format("CSV", (".csv",), tables.read_csv, header=tables.read_csv_header),
    Format("Parquet", (".parquet",), tables.read_parquet, tables.count_parquet, header=tables.read_parquet_header),
)
