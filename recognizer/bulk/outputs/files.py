"""Rows in a single file: the base of all such outputs, and Parquet. CSV and JSONL are in `lines`.

A run can be interrupted at any byte and resumed. Until it is finished, a file `NAME.unfinished` is beside the output.
CSV and JSONL are written in place. Parquet has its table of contents at the end, so its rows go into the `.unfinished`
file, from which the Parquet file is made when the run ends.
"""

import io
import os
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.outputs.output import Output, OutputError, OutputState
from recognizer.bulk.rows import SCHEMA, own_schema, saved_columns
from recognizer.files import name_in_errors, write_atomically

ROWS_AT_ONCE = 1_000  # read from an earlier run
ROWS_PER_GROUP = 50_000  # of Parquet
NOT_OPENED = io.BytesIO()


class OutputFile(Output):
    """A file of rows. `write` returns once the operating system has the rows."""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        self.target = self.file = file
        self.schema = schema
        self.unfinished = file.with_name(file.name + ".unfinished")
        self.opened: IO[bytes] = NOT_OPENED

    def state(self) -> OutputState:
        is_empty = not self.file.exists() or not self.file.stat().st_size
        if not is_empty and not self._has_rows():
            return OutputState.FOREIGN
        if self.unfinished.exists():
            return OutputState.INTERRUPTED
        return OutputState.EMPTY if is_empty else OutputState.FINISHED

    def _has_rows(self) -> bool:
        try:
            next(self.rows_in_file(), None)
        except OutputError:
            return False
        return True

    @abstractmethod
    def rows_in_file(self) -> Iterator[object]:
        """Rows of the file itself, not of the file beside it. Raises `OutputError` if it holds something else."""

    @contextmanager
    def append_to_file(self) -> Iterator[IO[bytes]]:
        """Yield the file for the next rows, and flush it. Raises `OSError` with the file's name."""
        with name_in_errors(self.opened.name):
            yield self.opened
            self.opened.flush()

    def close(self, finished: bool) -> None:
        if self.opened is NOT_OPENED:
            return
        opened, self.opened = self.opened, NOT_OPENED
        with name_in_errors(opened.name), opened:
            os.fsync(opened.fileno())
        self.complete()
        if finished:
            self.unfinished.unlink()

    def complete(self) -> None:
        """Make the closed file readable, if it is not."""


class Parquet(OutputFile):
    """Until it is finished, its rows are in the file beside it, as one whole Arrow stream per batch."""

    def read_rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        is_unfinished = self.unfinished.exists()
        for batch in (batch for batch, _, _ in self._streams()) if is_unfinished else self._finished_rows():
            yield batch, list(range(count + 1, count + batch.num_rows + 1))
            count += batch.num_rows

    def open(self, position: int = 0) -> None:
        if position and not self.unfinished.exists():
            with name_in_errors(self.unfinished), self.unfinished.open("wb") as file:
                for batch in self._finished_rows():
                    _append(batch, file)
        end, kept = 0, None
        for batch, start, stop in self._streams() if position else ():
            if batch.num_rows > position:
                end, kept = start, batch.slice(0, position)
                break
            end, position = stop, position - batch.num_rows
        self.opened = self.unfinished.open("r+b" if position or end else "wb")
        self.opened.seek(end)
        self.opened.truncate()
        if kept:
            with self.append_to_file() as file:
                _append(kept, file)

    def write(self, batch: pa.RecordBatch) -> None:
        with self.append_to_file() as file:
            _append(saved_columns(batch, self.schema), file)

    def complete(self) -> None:
        part = self.file.with_name(self.file.name + ".part")
        with (
            write_atomically(self.file, part) as file,
            pq.ParquetWriter(file, self.schema, compression="zstd") as table,
        ):
            for rows in self._row_groups():
                table.write_table(rows)

    def _row_groups(self) -> Iterator[pa.Table]:
        waiting: list[pa.RecordBatch] = []
        count = 0
        for batch, _, _ in self._streams():
            waiting.append(batch)
            count += batch.num_rows
            if count >= ROWS_PER_GROUP:
                yield pa.Table.from_batches(waiting)
                waiting, count = [], 0
        if waiting:
            yield pa.Table.from_batches(waiting)

    def _streams(self) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        """Each batch with the start and end of its stream. A stream that was cut off is ignored."""
        with self.unfinished.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            while (start := file.tell()) < size:
                try:
                    with pa.ipc.open_stream(file) as stream:
                        batch = stream.read_next_batch()
                        for _ in stream:
                            pass  # read to the end of the stream
                except (pa.ArrowException, OSError, StopIteration):
                    return
                yield batch, start, file.tell()

    def rows_in_file(self) -> Iterator[object]:
        return self._finished_rows()

    def _finished_rows(self) -> Iterator[pa.RecordBatch]:
        try:
            with self.file.open("rb") as file, pq.ParquetFile(file) as table:
                ours = own_schema(table.schema_arrow.names)
                schema = pa.schema([*ours, *(field for field in table.schema_arrow if field.name not in ours.names)])
                for batch in table.iter_batches(ROWS_AT_ONCE):
                    yield batch.select(schema.names).cast(schema)
        except (pa.ArrowException, KeyError) as error:
            raise OutputError(f"{self.file} does not hold rows of this program: {error}") from None


def _append(batch: pa.RecordBatch, file: IO[bytes]) -> None:
    with pa.ipc.new_stream(file, batch.schema) as stream:
        stream.write_batch(batch)
