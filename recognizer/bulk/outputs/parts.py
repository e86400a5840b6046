"""Rows in a folder of Parquet files, here or in an object store, which many processes can write at once.

The files are part-00000000.parquet and so on. In order of their names they hold the rows in order, and programs that
read Parquet read the folder as one table. Each file is written whole or not at all. A file `_unfinished` beside them
means that some are still missing.
"""

import io
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from recognizer.bulk.inputs.remote import place_of
from recognizer.bulk.items import Url
from recognizer.bulk.outputs.output import Output, OutputError, OutputState
from recognizer.bulk.rows import SCHEMA, own_schema, saved_columns
from recognizer.files import write_atomically

BYTES_ENOUGH = 1 << 26  # for a part, uncompressed: some 400,000 rows
SECONDS_ENOUGH = 10.0  # for a part of a slow run: more work is not lost if the run is killed
NAME = re.compile(r"part-(\d{8})\.parquet")
UNFINISHED, WRITING = "_unfinished", "_writing-"  # programs that read Parquet skip names that begin with _


class Parts(Output):
    """`write` collects rows until they make a part; `close` writes the remaining rows."""

    def __init__(self, folder: Path | Url, schema: pa.Schema = SCHEMA) -> None:
        self.target = folder
        self.schema = schema
        self.is_open = False
        self.next = 0  # number of the next part
        self.row_counts: dict[int, int] = {}  # by part, as far as known
        self.waiting: list[pa.RecordBatch] = []
        self.size = 0  # of the waiting rows, in bytes
        self.since = 0.0  # when the first waiting row came, by `time.monotonic`

    def state(self) -> OutputState:
        has_parts = bool(self._numbers())
        if self._exists(UNFINISHED):
            return OutputState.INTERRUPTED
        return OutputState.FINISHED if has_parts else OutputState.EMPTY

    def read_rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        for number in self._complete_numbers():
            with self._open_part(number) as part:
                self.row_counts[number] = part.metadata.num_rows
                for batch in part.iter_batches(columns=None if columns is None else list(columns)):
                    yield batch, list(range(count + 1, count + batch.num_rows + 1))
                    count += batch.num_rows

    def open(self, position: int = 0) -> None:
        self.next, self.waiting, self.size = 0, [], 0
        kept: pa.Table | None = None  # the start of a part that has more rows
        for number in self._complete_numbers() if position else ():
            if position <= 0:
                break
            if self._count_rows(number) > position:
                with self._open_part(number) as part:
                    kept = part.read().slice(0, position)
            position -= self._count_rows(number)
            self.next += 1
        replaced = [number for number in self._numbers() if number >= self.next]
        for number in replaced:
            with self._open_part(number):
                pass  # raises if a part is damaged or of another program, before any part is removed
        if isinstance(self.target, Path):
            self.target.mkdir(exist_ok=True)
            for leftover in self.target.glob(f"{WRITING}*"):
                leftover.unlink()
        self._put(UNFINISHED, b"")
        for number in reversed(replaced):
            self._remove(_name(number))
        if kept:
            self.put(self.next - 1, kept.to_batches())
        self.is_open = True

    def write(self, batch: pa.RecordBatch) -> None:
        self.since = self.since if self.waiting else time.monotonic()
        self.waiting.append(saved_columns(batch, self.schema))
        self.size += self.waiting[-1].nbytes
        if is_enough(self.size, self.since):
            self._write_waiting()

    def close(self, finished: bool) -> None:
        if not self.is_open:
            return
        self.is_open = False
        if self.waiting or (finished and not self.next):  # without rows, write the columns
            self._write_waiting()
        if finished:
            self._remove(UNFINISHED)

    def put(self, number: int, batches: Sequence[pa.RecordBatch]) -> None:
        """Write a part of rows from `saved_columns`. Any process may do this, and may repeat it."""
        table = pa.Table.from_batches([batch.cast(self.schema) for batch in batches], self.schema)
        file = io.BytesIO()
        pq.write_table(table, file, compression="zstd")
        self._put(_name(number), file.getvalue())
        self.row_counts[number] = table.num_rows

    def _write_waiting(self) -> None:
        self.put(self.next, self.waiting)
        self.next += 1
        self.waiting, self.size = [], 0

    def _count_rows(self, number: int) -> int:
        if number not in self.row_counts:
            with self._open_part(number) as part:
                self.row_counts[number] = part.metadata.num_rows
        return self.row_counts[number]

    def _complete_numbers(self) -> Iterator[int]:
        """The numbers of parts up to the first gap. Later parts do not count, because rows before them are missing."""
        return (number for expected, number in enumerate(self._numbers()) if number == expected)

    def _numbers(self) -> list[int]:
        """The numbers of existing parts. Raises `OutputError` if the folder has other Parquet files."""
        system, path = self._place()
        names = [entry.base_name for entry in system.get_file_info(fs.FileSelector(path, allow_not_found=True))]
        others = [name for name in names if name.endswith(".parquet") and not NAME.fullmatch(name)]
        if others:
            raise OutputError(f"{self.target} has {others[0]}, which this program did not write. Name another folder.")
        return sorted(int(match[1]) for name in names if (match := NAME.fullmatch(name)))

    @contextmanager
    def _open_part(self, number: int) -> Iterator[pq.ParquetFile]:
        """Open a part. Raises `OutputError` if it cannot be read, or does not begin with our columns."""
        file = self.target / _name(number)
        try:
            with self._open_file(_name(number)) as content, pq.ParquetFile(content) as part:
                ours = own_schema(part.schema_arrow.names)
                if not pa.schema(list(part.schema_arrow)[: len(ours)]).equals(ours):
                    raise OutputError(f"{file} does not hold rows of this program. Name another folder.")
                yield part
        except (OSError, pa.ArrowException) as error:
            remedy = "If it is damaged, delete it: --resume makes it and the later parts again."
            raise OutputError(f"{file} cannot be read: {error}. {remedy}") from None

    def _open_file(self, name: str) -> IO[bytes]:
        if isinstance(self.target, Path):
            return (self.target / name).open("rb")
        system, path = self._place(name)
        with system.open_input_stream(path) as file:
            return io.BytesIO(file.read())

    def _put(self, name: str, content: bytes) -> None:
        if isinstance(self.target, Path):
            _replace(self.target / name, content)
            return
        system, path = self._place(name)  # a store shows a file only once it is whole
        with system.open_output_stream(path) as file:
            file.write(content)

    def _exists(self, name: str) -> bool:
        system, path = self._place(name)
        return bool(system.get_file_info(path).type == fs.FileType.File)

    def _remove(self, name: str) -> None:
        system, path = self._place(name)
        system.delete_file(path)

    def _place(self, name: str = "") -> tuple[fs.FileSystem, str]:
        """The file system, and the path of the folder or of a file in it."""
        return place_of(self.target / name if name else self.target)


def is_enough(size: int, since: float) -> bool:
    """True if rows of this size in bytes make a part, or have waited too long since then (`time.monotonic`)."""
    return size >= BYTES_ENOUGH or time.monotonic() - since >= SECONDS_ENOUGH


def _name(number: int) -> str:
    return f"part-{number:08}.parquet"


def _replace(file: Path, content: bytes) -> None:
    """Write the file whole, even if another process writes it at the same time."""
    with write_atomically(file, file.with_name(f"{WRITING}{file.name}.{os.getpid()}")) as target:
        target.write(content)
