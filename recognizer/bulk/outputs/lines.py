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
from recognizer.bulk.rows import COLUMNS, SCHEMA, SPREAD, saved_columns, shorten_decimals
from recognizer.bulk.texts import json_values, text_of_json

TEXTS = ("file", "reason", "model", "error")
WHOLE_NUMBERS = ("page", "digit")
OUR_HEADER = ",".join(COLUMNS).encode()  # the start of every CSV of this program


class TextFile(OutputFile):
    """A file with one record per row. Columns of tables are read back as text."""

    header = b""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, _with_texts(schema.names[len(SCHEMA) :]))

    def read_rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        if not self.file.exists():  # the run stopped before it made the file
            return
        with self.file.open("rb") as file:
            kept = self.read_kept_columns(file)
            schema = _with_texts(kept)
            rows = ((self._parse_row(record, position, kept), position) for record, position in self.records(file))
            while part := list(islice(rows, ROWS_AT_ONCE)):
                yield self._to_batch([row for row, _ in part], schema), [position for _, position in part]

    @abstractmethod
    def read_kept_columns(self, file: IO[bytes]) -> list[str]:
        """The names of the table columns. Leaves the file at the first row."""

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
        rows = shorten_decimals(batch.select(SCHEMA.names)).to_pylist()
        columns = saved_columns(batch, self.schema)
        for name in columns.schema.names[len(SCHEMA) :]:
            for row, value in zip(rows, json_values(columns.column(name)), strict=True):
                row[name] = value
        with self.append_to_file() as file:
            file.write("".join(map(self.format_row, rows)).encode())

    def _to_batch(self, rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
        try:
            return pa.RecordBatch.from_pylist(rows, schema)
        except (pa.ArrowException, OverflowError, TypeError) as error:
            raise OutputError(f"{self.file} has a row that this program did not write: {error}") from None

    def _parse_row(self, record: bytes, position: int, kept: Sequence[str]) -> dict[str, Any]:
        try:
            return self.parse(record, kept)
        except (ValueError, KeyError, TypeError):
            raise OutputError(f"{self.file}: this program did not write the row that ends at byte {position}") from None

    @abstractmethod
    def format_row(self, row: dict[str, Any]) -> str:
        """A record with its line end."""

    @abstractmethod
    def parse(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        """Undo `format_row`, with columns of tables as text.

        Raises `ValueError`, `KeyError` or `TypeError` for other records.
        """


class Jsonl(TextFile):
    def format_row(self, row: dict[str, Any]) -> str:
        return json.dumps(row, ensure_ascii=False) + "\n"

    def read_kept_columns(self, file: IO[bytes]) -> list[str]:
        record, _ = next(self.records(file), (b"", 0))
        file.seek(0)
        try:
            return [name for name in json.loads(record or b"{}") if name not in SCHEMA.names]
        except (ValueError, TypeError):
            raise OutputError(f"{self.file}: this program did not write the first line") from None

    def parse(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        row = json.loads(record)
        if len(row) != len(SCHEMA) + len(kept):
            raise ValueError("columns differ from the first row's")
        return {name: row[name] for name in SCHEMA.names} | {name: text_of_json(row[name]) for name in kept}


class Csv(TextFile):
    """Lists become columns: left, top, right, bottom, and p0 to p9. Texts that look like formulas are escaped."""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, schema)
        self.header = _format_record([*COLUMNS, *schema.names[len(SCHEMA) :]]).encode()

    def format_row(self, row: dict[str, Any]) -> str:
        return _format_record(_flatten(row))

    def read_kept_columns(self, file: IO[bytes]) -> list[str]:
        start = file.read(len(OUR_HEADER))
        file.seek(0)
        header, _ = next(self.records(file), (b"", 0)) if start == OUR_HEADER else (b"", 0)
        if not header and OUR_HEADER.startswith(start) and self.unfinished.exists():
            return []  # the run stopped before the first row
        with suppress(ValueError):
            names = _split_record(header)
            if names[: len(COLUMNS)] == COLUMNS:
                return names[len(COLUMNS) :]
        raise OutputError(f"{self.file}: this program did not write the first line")

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """As above, but a file's name may hold a line end: up to there the record has an odd number of quotes."""
        record = b""
        for line, position in super().records(file):
            record += line
            if record.count(b'"') % 2 == 0:
                yield record, position
                record = b""

    def parse(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        values = dict(zip([*COLUMNS, *kept], _split_record(record), strict=True))
        ours = {column: _parse_cell(column, values[column]) for column in COLUMNS}
        lists = {name: [ours[column] for column in columns] for name, columns in SPREAD.items()}
        texts = {name: values[name] or None for name in kept}
        return ours | {name: None if None in parts else parts for name, parts in lists.items()} | texts


def _flatten(row: dict[str, Any]) -> Iterator[Any]:
    for name, value in row.items():
        if name in SPREAD:
            yield from value or [None] * len(SPREAD[name])
        else:
            yield value if name in SCHEMA.names else text_of_json(value)


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


def _parse_cell(column: str, value: str) -> str | int | float | None:
    if not value:
        return None
    if column in TEXTS:
        return value
    return int(value) if column in WHOLE_NUMBERS else float(value)


def _with_texts(names: Sequence[str]) -> pa.Schema:
    return pa.schema([*SCHEMA, *((name, pa.string()) for name in names)])
