"""Files of rows; those of text are in `output_lines`. Each can be stopped at any moment and gone on with.

What is unfinished has a file `NAME.unfinished` beside it. Rows of CSV and JSONL are written where they stay; Parquet,
which has its table of contents at its end, is made of that other file when the run ends.
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

from recognizer.bulk.outputs.output import Output, OutputError, There
from recognizer.bulk.rows import SCHEMA, written
from recognizer.files import name_in_errors, write_atomically

ROWS_AT_ONCE = 1_000  # that are read of an earlier run
ROWS_IN_GROUP = 50_000  # of Parquet
NOT_OPENED = io.BytesIO()


class File(Output):
    """What `write` was given has been handed to the system when it returns."""

    def __init__(self, file: Path, schema: pa.Schema = SCHEMA) -> None:
        self.target = self.file = file
        self.schema = schema
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

    @contextmanager
    def writing(self) -> Iterator[IO[bytes]]:
        """To write the next rows. Raises `OSError` with the file's name, of a full disk say."""
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
        """Adds what the closed file lacks to be read."""


class Parquet(File):
    """Until it is finished, its rows lie in the file beside it, one whole Arrow stream after the other."""

    def earlier(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        for batch in (one for one, _, _ in self._spilled()) if self.unfinished.exists() else self._finished():
            yield batch, list(range(count + 1, count + batch.num_rows + 1))
            count += batch.num_rows

    def open(self, position: int = 0) -> None:
        if position and not self.unfinished.exists():
            with name_in_errors(self.unfinished), self.unfinished.open("wb") as spilled:
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
            with self.writing() as file:
                _append(kept, file)

    def write(self, batch: pa.RecordBatch) -> None:
        with self.writing() as file:
            _append(written(batch, self.schema), file)

    def complete(self) -> None:
        part = self.file.with_name(self.file.name + ".part")
        with (
            write_atomically(self.file, part) as file,
            pq.ParquetWriter(file, self.schema, compression="zstd") as table,
        ):
            for rows in self._grouped():
                table.write_table(rows)

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
                kept = [field for field in table.schema_arrow if field.name not in SCHEMA.names]
                schema = pa.schema([*SCHEMA, *kept])
                for batch in table.iter_batches(ROWS_AT_ONCE):
                    yield batch.select(schema.names).cast(schema)
        except (pa.ArrowException, KeyError) as error:
            raise OutputError(f"{self.file} is no file of rows of this program: {error}") from None


def _append(batch: pa.RecordBatch, file: IO[bytes]) -> None:
    with pa.ipc.new_stream(file, batch.schema) as stream:
        stream.write_batch(batch)
