"""The table of file formats: their endings, and how files are read and counted.

Reading, counting and sorting use this table. Endings match in any case.
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
    """One row per file. A PDF or TIFF may hold more pages, but counting them would mean opening it."""
    return 1


def _picture(name: str, *endings: str, several: bool = False) -> Format:
    return Format(name, endings, count=_count_one, several=several, in_folders=True)


PICTURES = (
    _picture("PNG", ".png"),
    _picture("JPEG", ".jpg", ".jpeg"),
    _picture("WebP", ".webp"),
    _picture("BMP", ".bmp"),
    _picture("TIFF", ".tif", ".tiff", several=True),
    _picture("PDF", ".pdf", several=True),
)


def format_of(name: str) -> Format | None:
    """The format of a file, by the ending of its name; None for an unknown ending."""
    name = name.lower()
    return next((kind for kind in FORMATS if name.endswith(kind.endings)), None)


def is_picture(name: str) -> bool:
    return format_of(name) in PICTURES


FORMATS = (
    *PICTURES,
    Format(
        "ZIP",
        (".zip",),
        lambda file, columns: archives.read_zip(file, is_picture),
        lambda file: archives.count_zip(file, is_picture),
        in_folders=True,
    ),
    Format(
        "TAR",
        (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
        lambda file, columns: archives.read_tar(file, is_picture),
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
