"""Rows in text files, CSV and JSONL, written in place, one after the other."""

import csv
import io
import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from recognizer.bulk.cells import cell_of, text_of_cell
from recognizer.bulk.outputs.files import ROWS_AT_ONCE, OutputFile
from recognizer.bulk.outputs.output import OutputError
from recognizer.bulk.rows import (
    NUMBERS,
    SCHEMA,
    SPREAD,
    csv_columns,
    own_schema,
    own_schema_of_csv,
    saved_columns,
    shorten_decimals,
)
from recognizer.bulk.texts import json_values, text_of_json

OUR_HEADERS = [",".join(csv_columns(ours)).encode() for ours in (SCHEMA, NUMBERS)]  # a CSV of ours starts with one


class TextFile(OutputFile):
    """A file with one record per row. Columns of tables are read back as text."""

    header = b""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, _with_texts(schema.names))

    def read_rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        if not self.file.exists():  # the run stopped before it made the file
            return
        with self.file.open("rb") as file:
            schema = _with_texts(self.read_columns(file))
            rows = ((self._parse_row(record, position, schema), position) for record, position in self.records(file))
            while part := list(islice(rows, ROWS_AT_ONCE)):
                yield self._to_batch([row for row, _ in part], schema), [position for _, position in part]

    @abstractmethod
    def read_columns(self, file: IO[bytes]) -> list[str]:
        """The names of the columns, as far as they are written. Leaves the file at the first row."""

    def rows_in_file(self) -> Iterator[object]:
        return self.read_rows()

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """The whole lines from here on, and where each ends. A line that was cut off is ignored."""
        position = file.tell()
        for line in file:
            position += len(line)
            if line.endswith(b"\n"):
                yield line, position

    def open(self, position: int = 0) -> None:
        self.unfinished.touch()
        self.opened = self.file.open("r+b" if position else "wb")
        self.opened.seek(position)
        self.opened.truncate()
        if not position:
            with self.append_to_file() as file:
                file.write(self.header)

    def write(self, batch: pa.RecordBatch) -> None:
        rows = shorten_decimals(batch.select(self.ours.names)).to_pylist()
        columns = saved_columns(batch, self.schema)
        for name in columns.schema.names[len(self.ours) :]:
            for row, value in zip(rows, json_values(columns.column(name)), strict=True):
                row[name] = value
        with self.append_to_file() as file:
            file.write("".join(map(self.format_row, rows)).encode())

    def _to_batch(self, rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
        try:
            return pa.RecordBatch.from_pylist(rows, schema)
        except (pa.ArrowException, OverflowError, TypeError) as error:
            raise OutputError(f"{self.file} has a row that this program did not write: {error}") from None

    def _parse_row(self, record: bytes, position: int, schema: pa.Schema) -> dict[str, Any]:
        try:
            return self.parse(record, schema)
        except (ValueError, KeyError, TypeError):
            raise OutputError(f"{self.file}: this program did not write the row that ends at byte {position}") from None

    @abstractmethod
    def format_row(self, row: dict[str, Any]) -> str:
        """A record with its line end."""

    @abstractmethod
    def parse(self, record: bytes, schema: pa.Schema) -> dict[str, Any]:
        """Undo `format_row`, with columns of tables as text.

        Raises `ValueError`, `KeyError` or `TypeError` for other records.
        """


class Jsonl(TextFile):
    def format_row(self, row: dict[str, Any]) -> str:
        return json.dumps(row, ensure_ascii=False) + "\n"

    def read_columns(self, file: IO[bytes]) -> list[str]:
        record, _ = next(self.records(file), (b"", 0))
        file.seek(0)
        try:
            return list(json.loads(record or b"{}"))
        except (ValueError, TypeError):
            raise OutputError(f"{self.file}: this program did not write the first line") from None

    def parse(self, record: bytes, schema: pa.Schema) -> dict[str, Any]:
        row = json.loads(record)
        if len(row) != len(schema):
            raise ValueError("columns differ from the first row's")
        ours = own_schema(schema.names).names
        return {name: row[name] if name in ours else text_of_json(row[name]) for name in schema.names}


class Csv(TextFile):
    """Texts that look like formulas are escaped.

    Lists of numbers become columns (left, top, right, bottom, and p0 to p9); other lists become JSON.
    """

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, schema)
        self.header = _format_record([*csv_columns(self.ours), *schema.names[len(self.ours) :]]).encode()

    def format_row(self, row: dict[str, Any]) -> str:
        return _format_record(self._flatten(row))

    def _flatten(self, row: dict[str, Any]) -> Iterator[Any]:
        for name, value in row.items():
            if name in SPREAD and name in self.ours.names:
                yield from value or [None] * len(SPREAD[name])
            else:
                is_plain = name in self.ours.names and not isinstance(value, list)
                yield value if is_plain else text_of_json(value)

    def read_columns(self, file: IO[bytes]) -> list[str]:
        start = file.read(max(map(len, OUR_HEADERS)))
        file.seek(0)
        header, _ = next(self.records(file), (b"", 0)) if start.startswith(tuple(OUR_HEADERS)) else (b"", 0)
        is_cut_off = not header and any(ours.startswith(start[: len(ours)]) for ours in OUR_HEADERS)
        if is_cut_off and self.unfinished.exists():
            return []  # the run stopped before the first row
        with suppress(ValueError):
            names = _split_record(header)
            if ours := own_schema_of_csv(names):
                return [*ours.names, *names[len(csv_columns(ours)) :]]
        raise OutputError(f"{self.file}: this program did not write the first line")

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """As above, but a file's name may hold a line end: up to there the record has an odd number of quotes."""
        record = b""
        for line, position in super().records(file):
            record += line
            if record.count(b'"') % 2 == 0:
                yield record, position
                record = b""

    def parse(self, record: bytes, schema: pa.Schema) -> dict[str, Any]:
        ours = own_schema(schema.names)
        kept = schema.names[len(ours) :]
        values = dict(zip([*csv_columns(ours), *kept], _split_record(record), strict=True))
        parsed = {
            field.name: _parse_numbers([values[column] for column in SPREAD[field.name]])
            if field.name in SPREAD
            else _parse_cell(values[field.name], field.type)
            for field in ours
        }
        return parsed | {name: values[name] or None for name in kept}


def _format_record(values: Iterable[Any]) -> str:
    text = io.StringIO()
    cells = (cell_of(value) if isinstance(value, str) else value for value in values)
    csv.writer(text).writerow(cells)  # with its default \r\n, or it would not quote a name that holds \r
    return text.getvalue().removesuffix("\r\n") + "\n"


def _split_record(record: bytes) -> list[str]:
    """Split a record of any length, beyond Python's limit for fields. Raises `ValueError`."""
    limit = csv.field_size_limit(max(len(record), 1))
    try:
        return list(map(text_of_cell, next(csv.reader(io.StringIO(record.decode(), newline="")), [])))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    finally:
        csv.field_size_limit(limit)


def _parse_cell(cell: str, kind: pa.DataType) -> Any:
    if not cell:
        return None
    if pa.types.is_list(kind):
        return json.loads(cell)
    if pa.types.is_string(kind):
        return cell
    return int(cell) if pa.types.is_integer(kind) else float(cell)


def _parse_numbers(cells: Sequence[str]) -> list[float] | None:
    return None if "" in cells else list(map(float, cells))


def _with_texts(names: Sequence[str]) -> pa.Schema:
    """Our columns, and those of tables as text. names: of all columns; none for a file without rows."""
    ours = own_schema(names)
    return pa.schema([*ours, *((name, pa.string()) for name in names if name not in ours.names)])
