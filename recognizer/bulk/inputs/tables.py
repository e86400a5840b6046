"""Reads tables row by row: CSV and Parquet with a column of paths or image bytes, and JSONL of strokes."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.cells import text_of_cell
from recognizer.bulk.inputs.gzipped import open_decompressed
from recognizer.bulk.items import MOST_BYTES, Item, Line, Url, is_url
from recognizer.bulk.kept import NO_COLUMNS, Header, Kept, unique_name
from recognizer.bulk.rows import own_schema_of_csv
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge

# The first of these in a table is read.
COLUMNS = ("file", "path", "image", "filename", "file_name", "image_path", "picture", "bytes")
LONGEST_LINE = 16_000_000  # bytes
ROWS_AT_ONCE = 256
BYTES_AT_ONCE = 1 << 24  # of rows in memory
BUFFER_BYTES = 1 << 20  # of a file


@dataclass(frozen=True)
class Columns:
    """The columns to read.

    picture: holds paths or image bytes; None: the first of `COLUMNS` in the table.
    label: holds labels.
    kept: go into the rows unread.
    """

    picture: str | None = None
    label: str | None = None
    kept: Kept = NO_COLUMNS


def read_csv(table: Path, columns: Columns) -> Iterator[Item]:
    """The items of a CSV. Relative paths start from the table's folder."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        schema = _csv_schema(file)
        chosen = _picture_column(schema.names, columns)
        is_ours = own_schema_of_csv(schema.names) is not None
        for number, row in enumerate(csv.DictReader(file, schema.names), 1):
            if is_ours:
                row = {name: cell and text_of_cell(cell) for name, cell in row.items() if name}
            (kept,) = columns.kept.rows_of(pa.RecordBatch.from_pylist([row], schema), chosen)
            yield _item(table, number, row[chosen], row.get(columns.label or ""), kept)


def read_parquet(table: Path, columns: Columns) -> Iterator[Item]:
    """The items of a Parquet file. A cell is a path, image bytes, or both: {bytes, path}, as in image data sets."""
    schema = pq.read_schema(table)
    chosen = _picture_column(schema.names, columns)
    needed = [name for name in schema.names if name in (chosen, columns.label, *columns.kept.names)]
    # A column that is read as a dictionary keeps one copy of a value that many rows share.
    dictionaries = _binary_columns(schema.field(chosen))
    number = 0
    with pq.ParquetFile(table, read_dictionary=dictionaries, buffer_size=BUFFER_BYTES) as file:
        for group in range(file.num_row_groups):
            rows = _rows_at_once(file.metadata.row_group(group))
            for batch in file.iter_batches(rows, row_groups=[group], columns=needed):
                pictures, labels = _column(batch, chosen), _column(batch, columns.label)
                for picture, label, kept in zip(pictures, labels, columns.kept.rows_of(batch, chosen), strict=True):
                    number += 1
                    yield _item(table, number, _picture(picture), label.as_py(), kept)


def read_jsonl(file: Path) -> Iterator[Item]:
    """One item per line; see `lines.parse`."""
    with open_decompressed(file) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
            if len(line) >= LONGEST_LINE:
                yield Item(str(file), BrokenPicture("the line has {most} bytes or more", most=LONGEST_LINE), number)
            elif line.strip():
                yield Item(str(file), Line(line), number)


def read_csv_header(file: IO[bytes], columns: Columns) -> Header:
    """Raises the parser's own errors, as `read_parquet_header` does."""
    with TextIOWrapper(file, "utf-8-sig", newline="") as text:
        schema = _csv_schema(text)
    return Header(schema, _picture_column(schema.names, columns))


def read_parquet_header(file: IO[bytes], columns: Columns) -> Header:
    schema = pq.read_schema(file)
    return Header(schema, _picture_column(schema.names, columns))


def count_parquet(table: Path) -> int:
    return int(pq.read_metadata(table).num_rows)


def _csv_schema(file: Iterable[str]) -> pa.Schema:
    """Text columns, named by the first row. A repeated name gets a number; an empty third name becomes `column_3`."""
    header = next(csv.reader(file), [])
    if own_schema_of_csv(header) is not None:
        header = list(map(text_of_cell, header))
    names: list[str] = []
    for place, name in enumerate(header, 1):
        is_new = name and name not in names
        names.append(name if is_new else unique_name(name or f"column_{place}", [*names, *header]))
    return pa.schema([(name, pa.string()) for name in names])


def _binary_columns(field: pa.Field, within: str = "") -> list[str]:
    """The names of the columns of text or bytes: the field itself, or such fields of a struct."""
    if pa.types.is_struct(field.type):
        return [name for part in field.type for name in _binary_columns(part, f"{within}{field.name}.")]
    return [within + field.name] * (pa.types.is_binary(field.type) or pa.types.is_string(field.type))


def _rows_at_once(group: pq.RowGroupMetaData) -> int:
    """The number of rows that fit into `BYTES_AT_ONCE`, by the sizes in the table's metadata."""
    bytes_in_row = group.total_byte_size / max(group.num_rows, 1)
    return max(1, min(ROWS_AT_ONCE, int(BYTES_AT_ONCE / max(bytes_in_row, 1))))


def _column(batch: pa.RecordBatch, name: str | None) -> pa.Array:
    names = batch.schema.names
    return batch.column(names.index(name)) if name in names else pa.nulls(batch.num_rows)


def _picture(value: pa.Scalar) -> Any:
    """Bytes, a path or an error. Bytes are copied out of the table only if they are not too large."""
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
    available = ", ".join(names)
    if not wanted:
        text = "no column with paths or images ({known}). Columns: {names}. Choose one with --column NAME"
        raise BrokenPicture(text, known=", ".join(COLUMNS), names=available)
    missing = [name for name in (*wanted, columns.label) if name and name not in names]
    if missing:
        raise BrokenPicture("no column {missing}. Columns: {names}", missing=" or ".join(missing), names=available)
    return wanted[0]


def _item(table: Path, number: int, value: Any, label: Any, kept: bytes | None) -> Item:
    label = None if label is None or label != label else str(label)  # NaN means no label
    if isinstance(value, bytes | InkError):
        return Item(str(table), value, number, label, kept)
    if isinstance(value, str) and value:
        return Item(value, Url(value) if is_url(value) else table.parent / value, None, label, kept)
    return Item(str(table), BrokenPicture("the row holds neither a path nor image bytes"), number, label, kept)
