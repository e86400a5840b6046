"""The file formats: their endings, how each is read and counted, and whether one file holds several pictures.

The one table for inputs, counting and sorting. Endings match in any case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recognizer.bulk.inputs import archives, stacks, tables
from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import Item
from recognizer.bulk.kept import Header


@dataclass(frozen=True)
class Format:
    """A kind of file.

    read: opens a file of many items; None where the file is one item, which the reader opens.
    count: rows in a file, without opening each picture; None where only reading can tell.
    several: whether one file can hold several pictures.
    in_folders: whether its items have a folder of their own, which may be their label.
    header: reads the columns of a table; None where the file is none.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, Columns], Iterator[Item]] | None = None
    count: Callable[[Path], int] | None = None
    several: bool = True
    in_folders: bool = False
    header: Callable[[IO[bytes], Columns], Header] | None = None


def _one(file: Path) -> int:
    """A PDF or TIFF may hold more pages: counting them would mean opening it."""
    return 1


def _picture(name: str, *endings: str, several: bool = False) -> Format:
    return Format(name, endings, count=_one, several=several, in_folders=True)


PICTURES = (
    _picture("PNG", ".png"),
    _picture("JPEG", ".jpg", ".jpeg"),
    _picture("WebP", ".webp"),
    _picture("BMP", ".bmp"),
    _picture("TIFF", ".tif", ".tiff", several=True),
    _picture("PDF", ".pdf", several=True),
)


def format_of(name: str) -> Format | None:
    """The format that a file's name ends with; None for other names."""
    name = name.lower()
    return next((one for one in FORMATS if name.endswith(one.endings)), None)


def is_picture(name: str) -> bool:
    return format_of(name) in PICTURES


FORMATS = (
    *PICTURES,
    Format(
        "ZIP",
        (".zip",),
        lambda file, columns: archives.in_zip(file, is_picture),
        lambda file: archives.count_zip(file, is_picture),
        in_folders=True,
    ),
    Format(
        "TAR",
        (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
        lambda file, columns: archives.in_tar(file, is_picture),
        in_folders=True,
    ),
    Format(
        "IDX", (".idx", ".idx.gz", "-ubyte", "-ubyte.gz"), lambda file, columns: stacks.in_idx(file), stacks.count_idx
    ),
    Format("NPY", (".npy",), lambda file, columns: stacks.in_npy(file), stacks.count_npy),
    Format("NPZ", (".npz",), lambda file, columns: stacks.in_npz(file), stacks.count_npz),
    Format("JSONL", (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), lambda file, columns: tables.in_jsonl(file)),
    Format("CSV", (".csv",), tables.in_csv, header=tables.csv_header),
    Format("Parquet", (".parquet",), tables.in_parquet, tables.count_parquet, header=tables.parquet_header),
)
