"""Tables: CSV and Parquet with a column of paths or of pictures' bytes, and JSONL of strokes. Row by row."""

import csv
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.gzipped import opened
from recognizer.bulk.items import Drawing, Item, Url, ends_with_its_error, is_url
from recognizer.errors import BrokenPicture

COLUMNS = ("file", "path", "image", "filename", "file_name", "image_path", "picture", "bytes")  # the first found
LONGEST_LINE = 16_000_000  # bytes
ROWS_AT_ONCE = 256
MIN_EXTENT_PX = 8.0  # CSS px, as on the page: a smaller drawing on a canvas of known size is a touch by accident
DAMAGE = (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error, pa.ArrowException)


@dataclass(frozen=True)
class Columns:
    """Of tables. picture: holds paths or bytes; None: the first of `COLUMNS` that is there. label: holds labels."""

    picture: str | None = None
    label: str | None = None


@ends_with_its_error("CSV", DAMAGE)
def in_csv(table: Path, columns: Columns) -> Iterator[Item]:
    """Paths, relative to the table's folder where they are not absolute."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        chosen = _picture_column(list(rows.fieldnames or ()), columns)
        for number, row in enumerate(rows, 1):
            yield _item(table, number, row[chosen], row.get(columns.label or ""))


@ends_with_its_error("Parquet", DAMAGE)
def in_parquet(table: Path, columns: Columns) -> Iterator[Item]:
    """Paths, or pictures' bytes, or the two in one as data sets of pictures have them: {bytes, path}."""
    with pq.ParquetFile(table) as file:
        chosen = _picture_column(file.schema_arrow.names, columns)
        names = [chosen, *([columns.label] if columns.label else [])]
        number = 0
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=names):
            for row in batch.to_pylist():
                number += 1
                yield _item(table, number, row[chosen], row.get(columns.label or ""))


@ends_with_its_error("JSONL", DAMAGE)
def in_jsonl(file: Path) -> Iterator[Item]:
    """A drawing a line, `{"strokes": [[[x, y], …], …]}` or the strokes alone; `size` and `label` may stand beside."""
    with opened(file) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
            if line.strip():
                yield _drawing(file, number, line)


def count_parquet(table: Path) -> int:
    return int(pq.read_metadata(table).num_rows)


def _picture_column(names: list[str], columns: Columns) -> str:
    wanted = [columns.picture] if columns.picture else [name for name in COLUMNS if name in names][:1]
    missing = [name for name in (*wanted, columns.label) if name and name not in names]
    if missing or not wanted:
        text = "it has no column {missing}; its columns are {names}: choose with --column"
        raise BrokenPicture(text, missing=" or ".join(missing or COLUMNS), names=", ".join(names))
    return wanted[0]


def _item(table: Path, number: int, value: Any, label: Any) -> Item:
    label = None if label is None or label != label else str(label)  # a number that is none: where there is no label
    if isinstance(value, dict):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes):
        return Item(str(table), value, number, label)
    if isinstance(value, str) and value:
        return Item(value, Url(value) if is_url(value) else table.parent / value, None, label)
    return Item(str(table), BrokenPicture("its row holds neither a path nor a picture's bytes"), number, label)


def _drawing(file: Path, number: int, line: bytes) -> Item:
    if len(line) >= LONGEST_LINE:
        return Item(str(file), BrokenPicture("its line has {most} bytes or more", most=LONGEST_LINE), number)
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return Item(str(file), BrokenPicture("its line is not JSON"), number)
    if isinstance(given, list):
        return Item(str(file), Drawing(given), number)
    if not isinstance(given, dict) or "strokes" not in given:
        return Item(str(file), BrokenPicture('its line is no {"strokes": [[[x, y], …], …]}'), number)
    label = given.get("label")
    min_extent = MIN_EXTENT_PX if given.get("size") else 0.0
    return Item(str(file), Drawing(given["strokes"], min_extent), number, None if label is None else str(label))
