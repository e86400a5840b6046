"""Rows as text, CSV and JSONL: written where they stay, one after the other."""

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
from recognizer.bulk.outputs.files import ROWS_AT_ONCE, File
from recognizer.bulk.outputs.output import OutputError
from recognizer.bulk.rows import COLUMNS, SCHEMA, SPREAD, with_short_decimals, written
from recognizer.bulk.texts import json_values, text_of_json

TEXTS = ("file", "reason", "model", "error")
WHOLE_NUMBERS = ("page", "digit")
OURS = ",".join(COLUMNS).encode()  # how every CSV of this program begins


class Lines(File):
    """Text, a row after the other. Columns of tables come back as the text that stands there."""

    head = b""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, _with_texts(schema.names[len(SCHEMA) :]))

    def earlier(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        if not self.file.exists():  # stopped before it was made
            return
        with self.file.open("rb") as file:
            kept = self.kept_in(file)
            schema = _with_texts(kept)
            records = ((self.row(record, position, kept), position) for record, position in self.records(file))
            while part := list(islice(records, ROWS_AT_ONCE)):
                yield self.batch([row for row, _ in part], schema), [position for _, position in part]

    @abstractmethod
    def kept_in(self, file: IO[bytes]) -> list[str]:
        """Names of the columns of tables that it has. The file stands before the first row then."""

    def rows_in_file(self) -> Iterator[object]:
        return self.earlier()

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """The whole lines from here on, and where each ends. A line that was cut off is none."""
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
            with self.writing() as file:
                file.write(self.head)

    def write(self, batch: pa.RecordBatch) -> None:
        rows = with_short_decimals(batch.select(SCHEMA.names)).to_pylist()
        columns = written(batch, self.schema)
        for name in columns.schema.names[len(SCHEMA) :]:
            for row, value in zip(rows, json_values(columns.column(name)), strict=True):
                row[name] = value
        with self.writing() as file:
            file.write("".join(map(self.line, rows)).encode())

    def batch(self, rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
        try:
            return pa.RecordBatch.from_pylist(rows, schema)
        except (pa.ArrowException, OverflowError, TypeError) as error:
            raise OutputError(f"{self.file} holds what is no row of this program: {error}") from None

    def row(self, record: bytes, position: int, kept: Sequence[str]) -> dict[str, Any]:
        try:
            return self.parsed(record, kept)
        except (ValueError, KeyError, TypeError):
            raise OutputError(f"{self.file}: the line up to byte {position} is no row of this program") from None

    @abstractmethod
    def line(self, row: dict[str, Any]) -> str:
        """With its end."""

    @abstractmethod
    def parsed(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        """What `line` was made of, columns of tables as text.

        Raises `ValueError`, `KeyError` or `TypeError` for other lines.
        """


class Jsonl(Lines):
    def line(self, row: dict[str, Any]) -> str:
        return json.dumps(row, ensure_ascii=False) + "\n"

    def kept_in(self, file: IO[bytes]) -> list[str]:
        record, _ = next(self.records(file), (b"", 0))
        file.seek(0)
        try:
            return [name for name in json.loads(record or b"{}") if name not in SCHEMA.names]
        except (ValueError, TypeError):
            raise OutputError(f"{self.file}: its first line is none of this program's") from None

    def parsed(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        row = json.loads(record)
        if len(row) != len(SCHEMA) + len(kept):
            raise ValueError("columns differ from the first row's")
        return {name: row[name] for name in SCHEMA.names} | {name: text_of_json(row[name]) for name in kept}


class Csv(Lines):
    """Lists are spread over columns of their own: left, top, right, bottom, and p0 to p9. No text is a formula."""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        super().__init__(file, schema)
        self.head = _record([*COLUMNS, *schema.names[len(SCHEMA) :]]).encode()

    def line(self, row: dict[str, Any]) -> str:
        return _record(_flat(row))

    def kept_in(self, file: IO[bytes]) -> list[str]:
        start = file.read(len(OURS))
        file.seek(0)
        head, _ = next(self.records(file), (b"", 0)) if start == OURS else (b"", 0)
        if not head and OURS.startswith(start) and self.unfinished.exists():
            return []  # stopped before the first row
        with suppress(ValueError):
            names = _fields(head)
            if names[: len(COLUMNS)] == COLUMNS:
                return names[len(COLUMNS) :]
        raise OutputError(f"{self.file}: its first line is none of this program's")

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """A file's name may hold a line's end: such a record has an odd number of quotes up to there."""
        record = b""
        for line, position in super().records(file):
            record += line
            if record.count(b'"') % 2 == 0:
                yield record, position
                record = b""

    def parsed(self, record: bytes, kept: Sequence[str]) -> dict[str, Any]:
        values = dict(zip([*COLUMNS, *kept], _fields(record), strict=True))
        given = {column: _parsed(column, values[column]) for column in COLUMNS}
        lists = {name: [given[column] for column in columns] for name, columns in SPREAD.items()}
        texts = {name: values[name] or None for name in kept}
        return given | {name: None if None in parts else parts for name, parts in lists.items()} | texts


def _flat(row: dict[str, Any]) -> Iterator[Any]:
    for name, value in row.items():
        if name in SPREAD:
            yield from value or [None] * len(SPREAD[name])
        else:
            yield value if name in SCHEMA.names else text_of_json(value)


def _record(values: Iterable[Any]) -> str:
    text = io.StringIO()
    cells = (cell_of(value) if isinstance(value, str) else value for value in values)
    csv.writer(text).writerow(cells)  # which ends in \r\n: else it would leave a name's \r without quotes
    return text.getvalue().removesuffix("\r\n") + "\n"


def _fields(record: bytes) -> list[str]:
    """Raises `ValueError`. A table's column may be longer than Python's limit for fields."""
    limit = csv.field_size_limit(max(len(record), 1))
    try:
        return list(map(text_of_cell, next(csv.reader(io.StringIO(record.decode(), newline="")), [])))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    finally:
        csv.field_size_limit(limit)


def _parsed(column: str, value: str) -> str | int | float | None:
    if not value:
        return None
    if column in TEXTS:
        return value
    return int(value) if column in WHOLE_NUMBERS else float(value)


def _with_texts(names: Sequence[str]) -> pa.Schema:
    return pa.schema([*SCHEMA, *((name, pa.string()) for name in names)])
