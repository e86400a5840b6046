"""Tables: CSV and Parquet with a column of paths or of pictures' bytes, and JSONL of strokes. Row by row."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.cells import text_of_cell
from recognizer.bulk.inputs.gzipped import opened
from recognizer.bulk.items import MOST_BYTES, Item, Line, Url, is_url
from recognizer.bulk.kept import NOTHING_KEPT, Header, Kept, unique
from recognizer.bulk.rows import COLUMNS as OURS
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge

COLUMNS = ("file", "path", "image", "filename", "file_name", "image_path", "picture", "bytes")  # the first found
LONGEST_LINE = 16_000_000  # bytes
ROWS_AT_ONCE = 256
BYTES_AT_ONCE = 1 << 24  # of rows
BYTES_IN_PART = 1 << 20  # of a file that are read at a time


@dataclass(frozen=True)
class Columns:
    """Of tables. picture: holds paths or bytes; None: the first of `COLUMNS` that is there. label: holds labels.

    kept: those that come along in the rows.
    """

    picture: str | None = None
    label: str | None = None
    kept: Kept = NOTHING_KEPT


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


def in_parquet(table: Path, columns: Columns) -> Iterator[Item]:
    """Paths, or pictures' bytes, or the two in one as data sets of pictures have them: {bytes, path}."""
    schema = pq.read_schema(table)
    chosen = _picture_column(schema.names, columns)
    needed = [name for name in schema.names if name in (chosen, columns.label, *columns.kept.names)]
    # What many rows share stands once in memory; without this Arrow would repeat it for each of them.
    shared = _of_bytes(schema.field(chosen))
    number = 0
    with pq.ParquetFile(table, read_dictionary=shared, buffer_size=BYTES_IN_PART) as file:
        for group in range(file.num_row_groups):
            rows = _rows_at_once(file.metadata.row_group(group))
            for batch in file.iter_batches(rows, row_groups=[group], columns=needed):
                pictures, labels = _column(batch, chosen), _column(batch, columns.label)
                for picture, label, kept in zip(pictures, labels, columns.kept.rows_of(batch, chosen), strict=True):
                    number += 1
                    yield _item(table, number, _picture(picture), label.as_py(), kept)


def in_jsonl(file: Path) -> Iterator[Item]:
    """A drawing a line, `{"strokes": [[[x, y], …], …]}` or the strokes alone; `size` and `label` may stand beside."""
    with opened(file) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
            if len(line) >= LONGEST_LINE:
                yield Item(str(file), BrokenPicture("its line has {most} bytes or more", most=LONGEST_LINE), number)
            elif line.strip():
                yield Item(str(file), Line(line), number)


def csv_header(file: IO[bytes], columns: Columns) -> Header:
    """Raises whatever its parser does, as `parquet_header`."""
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


def _of_bytes(field: pa.Field, within: str = "") -> list[str]:
    """The column, or those of the parts that a row of it has, that hold texts or bytes."""
    if pa.types.is_struct(field.type):
        return [name for part in field.type for name in _of_bytes(part, f"{within}{field.name}.")]
    return [within + field.name] * (pa.types.is_binary(field.type) or pa.types.is_string(field.type))


def _rows_at_once(group: pq.RowGroupMetaData) -> int:
    """As many as memory is meant to hold, by what the table says that they take."""
    bytes_in_row = group.total_byte_size / max(group.num_rows, 1)
    return max(1, min(ROWS_AT_ONCE, int(BYTES_AT_ONCE / max(bytes_in_row, 1))))


def _column(batch: pa.RecordBatch, name: str | None) -> pa.Array:
    names = batch.schema.names
    return batch.column(names.index(name)) if name in names else pa.nulls(batch.num_rows)


def _picture(value: pa.Scalar) -> Any:
    """Bytes, a path, the two in a dict, or an error; bytes are taken out of the table only if they may be read."""
    if isinstance(value, pa.StructScalar) and value.is_valid:
        names = value.type.names
        parts = [_picture(value[name]) for name in ("bytes", "path") if name in names]
        return next((part for part in parts if part), None)
    if isinstance(value, pa.DictionaryScalar):
        value = value.value
    if isinstance(value, pa.BinaryScalar) and value.is_valid and value.as_buffer().size > MOST_BYTES:
        return PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
    return value.as_py()


def _picture_column(names: list[str], columns: Columns) -> str:
    wanted = [columns.picture] if columns.picture else [name for name in COLUMNS if name in names][:1]
    missing = [name for name in (*wanted, columns.label) if name and name not in names]
    if missing or not wanted:
        text = "it has no column {missing}; its columns are {names}: choose with --column"
        raise BrokenPicture(text, missing=" or ".join(missing or COLUMNS), names=", ".join(names))
    return wanted[0]


def _item(table: Path, number: int, value: Any, label: Any, kept: bytes | None) -> Item:
    label = None if label is None or label != label else str(label)  # NaN means no label
    if isinstance(value, bytes | InkError):
        return Item(str(table), value, number, label, kept)
    if isinstance(value, str) and value:
        return Item(value, Url(value) if is_url(value) else table.parent / value, None, label, kept)
    return Item(str(table), BrokenPicture("its row holds neither a path nor a picture's bytes"), number, label, kept)
