"""Tables: CSV and Parquet with a column of paths or of pictures' bytes, and JSONL of strokes. Row by row."""

import csv
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.cells import text_of_cell
from recognizer.bulk.gzipped import opened
from recognizer.bulk.items import Drawing, Item, Url, ends_with_its_error, is_url
from recognizer.bulk.kept import NOTHING_KEPT, Header, Kept, unique
from recognizer.bulk.rows import COLUMNS as OURS
from recognizer.errors import BrokenPicture

COLUMNS = ("file", "path", "image", "filename", "file_name", "image_path", "picture", "bytes")  # the first found
LONGEST_LINE = 16_000_000  # bytes
ROWS_AT_ONCE = 256
MIN_EXTENT_PX = 8.0  # CSS px, as on the page: a smaller drawing on a canvas of known size is a touch by accident
DAMAGE = (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error, pa.ArrowException)


@dataclass(frozen=True)
class Columns:
    """Of tables. picture: holds paths or bytes; None: the first of `COLUMNS` that is there. label: holds labels.

    kept: those that come along in the rows.
    """

    picture: str | None = None
    label: str | None = None
    kept: Kept = NOTHING_KEPT


@ends_with_its_error("CSV", DAMAGE)
def in_csv(table: Path, columns: Columns) -> Iterator[Item]:
    """Paths, relative to the table's folder where they are not absolute."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        schema = _csv_schema(file)
        chosen = _picture_column(schema.names, columns)
        for number, row in enumerate(csv.DictReader(file, schema.names), 1):
            if schema.names[: len(OURS)] == OURS:
                row = {name: cell and text_of_cell(cell) for name, cell in row.items() if name}
            (kept,) = columns.kept.rows_of(pa.RecordBatch.from_pylist([row], schema), chosen)
            yield _item(table, number, row[chosen], row.get(columns.label or ""), kept)


@ends_with_its_error("Parquet", DAMAGE)
def in_parquet(table: Path, columns: Columns) -> Iterator[Item]:
    """Paths, or pictures' bytes, or the two in one as data sets of pictures have them: {bytes, path}."""
    with pq.ParquetFile(table) as file:
        names = file.schema_arrow.names
        chosen = _picture_column(names, columns)
        needed = [name for name in names if name in (chosen, columns.label, *columns.kept.names)]
        number = 0
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=needed):
            pictures, labels = _values(batch, chosen), _values(batch, columns.label)
            for picture, label, kept in zip(pictures, labels, columns.kept.rows_of(batch, chosen), strict=True):
                number += 1
                yield _item(table, number, picture, label, kept)


@ends_with_its_error("JSONL", DAMAGE)
def in_jsonl(file: Path) -> Iterator[Item]:
    """A drawing a line, `{"strokes": [[[x, y], …], …]}` or the strokes alone; `size` and `label` may stand beside."""
    with opened(file) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
            if line.strip():
                yield _drawing(file, number, line)


def csv_header(file: IO[bytes], columns: Columns) -> Header:
    """Raises `BrokenPicture` or `DAMAGE`, as `parquet_header`."""
    with TextIOWrapper(file, "utf-8-sig", newline="") as text:
        schema = _csv_schema(text)
    return Header(schema, _picture_column(schema.names, columns))


def parquet_header(file: IO[bytes], columns: Columns) -> Header:
    schema = pq.read_schema(file)
    return Header(schema, _picture_column(schema.names, columns))


def count_parquet(table: Path) -> int:
    return int(pq.read_metadata(table).num_rows)


def _csv_schema(file: Iterable[str]) -> pa.Schema:
    """Texts, named by the first row. A name that comes again gets a number, an empty third one is `column_3`."""
    given = next(csv.reader(file), [])
    if given[: len(OURS)] == OURS:
        given = list(map(text_of_cell, given))
    names: list[str] = []
    for place, name in enumerate(given, 1):
        is_new = name and name not in names
        names.append(name if is_new else unique(name or f"column_{place}", [*names, *given]))
    return pa.schema([(name, pa.string()) for name in names])


def _values(batch: pa.RecordBatch, name: str | None) -> list[Any]:
    names = batch.schema.names
    return batch.column(names.index(name)).to_pylist() if name in names else [None] * batch.num_rows


def _picture_column(names: list[str], columns: Columns) -> str:
    wanted = [columns.picture] if columns.picture else [name for name in COLUMNS if name in names][:1]
    missing = [name for name in (*wanted, columns.label) if name and name not in names]
    if missing or not wanted:
        text = "it has no column {missing}; its columns are {names}: choose with --column"
        raise BrokenPicture(text, missing=" or ".join(missing or COLUMNS), names=", ".join(names))
    return wanted[0]


def _item(table: Path, number: int, value: Any, label: Any, kept: bytes | None) -> Item:
    label = None if label is None or label != label else str(label)  # a number that is none: where there is no label
    if isinstance(value, dict):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes):
        return Item(str(table), value, number, label, kept)
    if isinstance(value, str) and value:
        return Item(value, Url(value) if is_url(value) else table.parent / value, None, label, kept)
    return Item(str(table), BrokenPicture("its row holds neither a path nor a picture's bytes"), number, label, kept)


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
