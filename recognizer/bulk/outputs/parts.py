"""A folder of Parquet files, here or in an object store, that many processes can write at once.

Its files are called part-00000000.parquet and so on; in order of their names they hold the rows in order, and what
reads Parquet reads the folder as one table. Each is there whole or not at all. As long as `_unfinished` lies beside
them, not all of them are there.
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
from recognizer.bulk.outputs.output import Output, OutputError, There
from recognizer.bulk.rows import SCHEMA, written
from recognizer.files import write_atomically

BYTES_ENOUGH = 1 << 26  # for a part, before they are compressed: some 400,000 rows
SECONDS_ENOUGH = 10.0  # of work for a part, in a run that is slow: it would all be lost if the run were killed
NAME = re.compile(r"part-(\d{8})\.parquet")
UNFINISHED, WRITING = "_unfinished", "_writing-"  # what reads Parquet passes over names that begin so


class Parts(Output):
    """Rows that `write` was given wait until they are enough for a part; `close` writes those that are left."""

    def __init__(self, folder: Path | Url, schema: pa.Schema = SCHEMA) -> None:
        self.target = folder
        self.schema = schema
        self.is_open = False
        self.next = 0  # number of the next part
        self.rows: dict[int, int] = {}  # in each part, once it is known
        self.waiting: list[pa.RecordBatch] = []
        self.size = 0  # of those that wait, in bytes
        self.since = 0.0  # when the first of them came, by `time.monotonic`

    def there(self) -> There:
        has_parts = bool(self._numbers())
        if self._is_there(UNFINISHED):
            return There.INTERRUPTED
        return There.FINISHED if has_parts else There.NOTHING

    def earlier(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        for number in self._in_a_row():
            with self._opened(number) as part:
                self.rows[number] = part.metadata.num_rows
                for batch in part.iter_batches(columns=None if columns is None else list(columns)):
                    yield batch, list(range(count + 1, count + batch.num_rows + 1))
                    count += batch.num_rows

    def open(self, position: int = 0) -> None:
        self.next, self.waiting, self.size = 0, [], 0
        kept: pa.Table | None = None  # of a part that has more
        for number in self._in_a_row() if position else ():
            if position <= 0:
                break
            if self._rows_in(number) > position:
                with self._opened(number) as part:
                    kept = part.read().slice(0, position)
            position -= self._rows_in(number)
            self.next += 1
        replaced = [number for number in self._numbers() if number >= self.next]
        for number in replaced:
            with self._opened(number):
                pass  # another program's, or a damaged one: all of them stay
        if isinstance(self.target, Path):
            self.target.mkdir(exist_ok=True)
            for left in self.target.glob(f"{WRITING}*"):
                left.unlink()
        self._put(UNFINISHED, b"")
        for number in reversed(replaced):
            self._remove(_name(number))
        if kept:
            self.put(self.next - 1, kept.to_batches())
        self.is_open = True

    def write(self, batch: pa.RecordBatch) -> None:
        self.since = self.since if self.waiting else time.monotonic()
        self.waiting.append(written(batch, self.schema))
        self.size += self.waiting[-1].nbytes
        if is_enough(self.size, self.since):
            self._write_waiting()

    def close(self, finished: bool) -> None:
        if not self.is_open:
            return
        self.is_open = False
        if self.waiting or (finished and not self.next):  # a table of no rows has its columns
            self._write_waiting()
        if finished:
            self._remove(UNFINISHED)

    def put(self, number: int, batches: Sequence[pa.RecordBatch]) -> None:
        """Writes a part of `written` rows: any process may, and again if it has to be done again."""
        table = pa.Table.from_batches([batch.cast(self.schema) for batch in batches], self.schema)
        file = io.BytesIO()
        pq.write_table(table, file, compression="zstd")
        self._put(_name(number), file.getvalue())
        self.rows[number] = table.num_rows

    def _write_waiting(self) -> None:
        self.put(self.next, self.waiting)
        self.next += 1
        self.waiting, self.size = [], 0

    def _rows_in(self, number: int) -> int:
        if number not in self.rows:
            with self._opened(number) as part:
                self.rows[number] = part.metadata.num_rows
        return self.rows[number]

    def _in_a_row(self) -> Iterator[int]:
        """Up to the first that is not there: those after it come after rows that are not there."""
        return (number for expected, number in enumerate(self._numbers()) if number == expected)

    def _numbers(self) -> list[int]:
        """Of the parts that are there. Raises `OutputError` where other Parquet lies among them."""
        system, path = self._place()
        found = [one.base_name for one in system.get_file_info(fs.FileSelector(path, allow_not_found=True))]
        others = [name for name in found if name.endswith(".parquet") and not NAME.fullmatch(name)]
        if others:
            raise OutputError(f"{self.target} holds {others[0]}, which is none of this program's; name another folder")
        return sorted(int(match[1]) for name in found if (match := NAME.fullmatch(name)))

    @contextmanager
    def _opened(self, number: int) -> Iterator[pq.ParquetFile]:
        """Raises `OutputError` where it cannot be read, or does not begin with our columns."""
        file = self.target / _name(number)
        try:
            with self._content(_name(number)) as opened, pq.ParquetFile(opened) as part:
                if not pa.schema(list(part.schema_arrow)[: len(SCHEMA)]).equals(SCHEMA):
                    raise OutputError(f"{file} has no rows of this program; name another folder")
                yield part
        except (OSError, pa.ArrowException) as error:
            remedy = "if it is damaged, remove it: --resume makes it and those after it again"
            raise OutputError(f"{file} cannot be read: {error}; {remedy}") from None

    def _content(self, name: str) -> IO[bytes]:
        if isinstance(self.target, Path):
            return (self.target / name).open("rb")
        system, path = self._place(name)
        with system.open_input_stream(path) as file:
            return io.BytesIO(file.read())

    def _put(self, name: str, content: bytes) -> None:
        if isinstance(self.target, Path):
            _replace(self.target / name, content)
            return
        system, path = self._place(name)  # stores have a file when all of it has come
        with system.open_output_stream(path) as file:
            file.write(content)

    def _is_there(self, name: str) -> bool:
        system, path = self._place(name)
        return bool(system.get_file_info(path).type == fs.FileType.File)

    def _remove(self, name: str) -> None:
        system, path = self._place(name)
        system.delete_file(path)

    def _place(self, name: str = "") -> tuple[fs.FileSystem, str]:
        """Of the folder, or of a file in it."""
        return place_of(self.target / name if name else self.target)


def is_enough(size: int, since: float) -> bool:
    """Whether rows of so many bytes, which have waited since then (`time.monotonic`), make a part."""
    return size >= BYTES_ENOUGH or time.monotonic() - since >= SECONDS_ENOUGH


def _name(number: int) -> str:
    return f"part-{number:08}.parquet"


def _replace(file: Path, content: bytes) -> None:
    """Whoever else writes the same."""
    with write_atomically(file, file.with_name(f"{WRITING}{file.name}.{os.getpid()}")) as opened:
        opened.write(content)
