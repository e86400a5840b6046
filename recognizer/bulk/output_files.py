"""Files of rows: CSV, JSONL, Parquet. Each can be stopped at any moment and gone on with.

What is unfinished has a file `NAME.unfinished` beside it. Rows of CSV and JSONL are written where they stay; Parquet,
which has its table of contents at its end, is made of that other file when the run ends.
"""

import csv
import io
import json
import os
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.output import Output, OutputError, There
from recognizer.bulk.rows import SCHEMA, with_short_decimals, written

ROWS_AT_ONCE = 1_000  # that are read of an earlier run
ROWS_IN_GROUP = 50_000  # of Parquet
SPREAD = {"box": ["left", "top", "right", "bottom"], "probabilities": [f"p{digit}" for digit in range(10)]}
COLUMNS = [column for name in SCHEMA.names for column in SPREAD.get(name, [name])]  # of CSV
TEXTS = ("file", "reason", "model", "error")
WHOLE_NUMBERS = ("page", "digit")
NOT_OPENED = io.BytesIO()


class File(Output):
    """What `write` was given has been handed to the system when it returns."""

    def __init__(self, file: Path) -> None:
        self.target = self.file = file
        self.unfinished = file.with_name(file.name + ".unfinished")
        self.opened: IO[bytes] = NOT_OPENED

    def there(self) -> There:
        is_empty = not self.file.exists() or not self.file.stat().st_size
        if not is_empty and not self._has_rows():
            return There.OTHER
        if self.unfinished.exists():
            return There.INTERRUPTED
        return There.NOTHING if is_empty else There.FINISHED

    def _has_rows(self) -> bool:
        try:
            next(self.rows_in_file(), None)
        except OutputError:
            return False
        return True

    @abstractmethod
    def rows_in_file(self) -> Iterator[object]:
        """Rows of the file itself, whatever lies beside it. Raises `OutputError` where it holds something else."""

    def close(self, finished: bool) -> None:
        if self.opened is NOT_OPENED:
            return
        os.fsync(self.opened.fileno())
        self.opened.close()
        self.opened = NOT_OPENED
        self.complete()
        if finished:
            self.unfinished.unlink()

    def complete(self) -> None:
        """Adds what the closed file lacks to be read."""


class Lines(File):
    """Text, a row after the other."""

    head = b""

    def earlier(self, columns: Sequence[str] = SCHEMA.names) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        if not self.file.exists():  # stopped before it was made
            return
        with self.file.open("rb") as file:
            head = file.read(len(self.head))
            if head != self.head and self.head.startswith(head) and self.unfinished.exists():
                return  # stopped before the first row
            if head != self.head:
                raise OutputError(f"{self.file}: its first line is none of this program's")
            records = ((self.row(record, position), position) for record, position in self.records(file))
            while part := list(islice(records, ROWS_AT_ONCE)):
                yield self.batch([row for row, _ in part]), [position for _, position in part]

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
            self.opened.write(self.head)
            self.opened.flush()

    def write(self, batch: pa.RecordBatch) -> None:
        self.opened.write("".join(map(self.line, with_short_decimals(written(batch)).to_pylist())).encode())
        self.opened.flush()

    def batch(self, rows: list[dict[str, Any]]) -> pa.RecordBatch:
        try:
            return pa.RecordBatch.from_pylist(rows, SCHEMA)
        except (pa.ArrowException, OverflowError, TypeError) as error:
            raise OutputError(f"{self.file} holds what is no row of this program: {error}") from None

    def row(self, record: bytes, position: int) -> dict[str, Any]:
        try:
            return self.parsed(record)
        except (ValueError, KeyError, TypeError):
            raise OutputError(f"{self.file}: the line up to byte {position} is no row of this program") from None

    @abstractmethod
    def line(self, row: dict[str, Any]) -> str:
        """With its end."""

    @abstractmethod
    def parsed(self, record: bytes) -> dict[str, Any]:
        """What `line` was made of. Raises `ValueError`, `KeyError` or `TypeError` for other lines."""


class Jsonl(Lines):
    def line(self, row: dict[str, Any]) -> str:
        return json.dumps(row, ensure_ascii=False) + "\n"

    def parsed(self, record: bytes) -> dict[str, Any]:
        row = json.loads(record)
        return {name: row[name] for name in SCHEMA.names}


class Csv(Lines):
    """Lists are spread over columns of their own: left, top, right, bottom, and p0 to p9."""

    head = (",".join(COLUMNS) + "\n").encode()

    def line(self, row: dict[str, Any]) -> str:
        text = io.StringIO()
        csv.writer(text).writerow(_flat(row))  # which ends in \r\n: else it would leave a name's \r without quotes
        return text.getvalue().removesuffix("\r\n") + "\n"

    def records(self, file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
        """A file's name may hold a line's end: such a record has an odd number of quotes up to there."""
        record = b""
        for line, position in super().records(file):
            record += line
            if record.count(b'"') % 2 == 0:
                yield record, position
                record = b""

    def parsed(self, record: bytes) -> dict[str, Any]:
        (values,) = csv.reader(io.StringIO(record.decode(), newline=""))
        given = {column: _parsed(column, value) for column, value in zip(COLUMNS, values, strict=True)}
        lists = {name: [given[column] for column in columns] for name, columns in SPREAD.items()}
        return given | {name: None if None in parts else parts for name, parts in lists.items()}


def _flat(row: dict[str, Any]) -> Iterator[Any]:
    for name, value in row.items():
        if name in SPREAD:
            yield from value or [None] * len(SPREAD[name])
        else:
            yield value


def _parsed(column: str, value: str) -> str | int | float | None:
    if not value:
        return None
    if column in TEXTS:
        return value
    return int(value) if column in WHOLE_NUMBERS else float(value)


class Parquet(File):
    """Until it is finished, its rows lie in the file beside it, one whole Arrow stream after the other."""

    def earlier(self, columns: Sequence[str] = SCHEMA.names) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        for batch in (one for one, _, _ in self._spilled()) if self.unfinished.exists() else self._finished():
            yield batch, list(range(count + 1, count + batch.num_rows + 1))
            count += batch.num_rows

    def open(self, position: int = 0) -> None:
        if position and not self.unfinished.exists():
            with self.unfinished.open("wb") as spilled:
                for batch in self._finished():
                    _append(batch, spilled)
        end, kept = 0, None
        for batch, start, stop in self._spilled() if position else ():
            if batch.num_rows > position:
                end, kept = start, batch.slice(0, position)
                break
            end, position = stop, position - batch.num_rows
        self.opened = self.unfinished.open("r+b" if position or end else "wb")
        self.opened.seek(end)
        self.opened.truncate()
        if kept:
            self.write(kept)

    def write(self, batch: pa.RecordBatch) -> None:
        _append(written(batch), self.opened)
        self.opened.flush()

    def complete(self) -> None:
        part = self.file.with_name(self.file.name + ".part")
        with part.open("wb") as file, pq.ParquetWriter(file, SCHEMA, compression="zstd") as table:
            for rows in self._grouped():
                table.write_table(rows)
        part.replace(self.file)

    def _grouped(self) -> Iterator[pa.Table]:
        waiting: list[pa.RecordBatch] = []
        count = 0
        for batch, _, _ in self._spilled():
            waiting.append(batch)
            count += batch.num_rows
            if count >= ROWS_IN_GROUP:
                yield pa.Table.from_batches(waiting)
                waiting, count = [], 0
        if waiting:
            yield pa.Table.from_batches(waiting)

    def _spilled(self) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        """Each batch, and where its stream begins and ends. A stream that was cut off is none."""
        with self.unfinished.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            while (start := file.tell()) < size:
                try:
                    with pa.ipc.open_stream(file) as stream:
                        batch = stream.read_next_batch()
                        for _ in stream:
                            pass  # its end is read, too
                except (pa.ArrowException, OSError, StopIteration):
                    return
                yield batch, start, file.tell()

    def rows_in_file(self) -> Iterator[object]:
        return self._finished()

    def _finished(self) -> Iterator[pa.RecordBatch]:
        try:
            with self.file.open("rb") as file, pq.ParquetFile(file) as table:
                for batch in table.iter_batches(ROWS_AT_ONCE):
                    yield batch.select(SCHEMA.names).cast(SCHEMA)
        except (pa.ArrowException, KeyError) as error:
            raise OutputError(f"{self.file} is no file of rows of this program: {error}") from None


def _append(batch: pa.RecordBatch, file: IO[bytes]) -> None:
    with pa.ipc.new_stream(file, SCHEMA) as stream:
        stream.write_batch(batch)
