"""A folder of Parquet files, here or in an object store, that many processes can write at once.

Its files are called part-00000000.parquet and so on; in order of their names they hold the rows in order, and what
reads Parquet reads the folder as one table. As long as `_unfinished` lies beside them, not all of them are there.
"""

import io
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from recognizer.bulk.items import Url
from recognizer.bulk.output import Output, OutputError
from recognizer.bulk.remote import place_of
from recognizer.bulk.rows import SCHEMA, written

BYTES_AT_MOST = 1 << 26  # of a part before it is compressed: some 60,000 rows
SECONDS_AT_MOST = 10.0  # of work in a part: what is lost where a run is killed
NAME = re.compile(r"part-(\d{8})\.parquet")


class Parts(Output):
    """Rows that `write` was given wait until they make a part; `close` writes those that are left."""

    def __init__(self, folder: Path | Url) -> None:
        self.file = folder
        self.unfinished = folder / "_unfinished"
        self.is_open = False
        self.next = 0  # number of the next part
        self.waiting: list[pa.RecordBatch] = []
        self.since = 0.0  # they wait

    def is_begun(self) -> bool:
        return self.is_unfinished() or bool(self._numbers())

    def is_unfinished(self) -> bool:
        system, path = place_of(self.unfinished)
        return bool(system.get_file_info(path).type == fs.FileType.File)

    def earlier(self) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        count = 0
        for part in self._whole():
            for batch in part.to_batches():
                yield batch, list(range(count + 1, count + batch.num_rows + 1))
                count += batch.num_rows

    def open(self, position: int = 0) -> None:
        if isinstance(self.file, Path):
            self.file.mkdir(exist_ok=True)
        self._put("_unfinished", b"")
        self.is_open, self.next = True, 0
        for part in self._whole():
            if position <= 0:
                break
            if part.num_rows > position:
                self.put(self.next, part.slice(0, position).to_batches())
            position -= part.num_rows
            self.next += 1
        for number in self._numbers():
            if number >= self.next:
                self._remove(_name(number))

    def write(self, batch: pa.RecordBatch) -> None:
        self.since = self.since if self.waiting else time.monotonic()
        self.waiting.append(batch)
        if is_full(sum(one.nbytes for one in self.waiting), self.since):
            self._write_waiting()

    def close(self, finished: bool) -> None:
        if not self.is_open:
            return
        if self.waiting or not self.next:  # a table of no rows has its columns
            self._write_waiting()
        self.is_open = False
        if finished:
            self._remove("_unfinished")

    def put(self, number: int, batches: Sequence[pa.RecordBatch]) -> None:
        """Writes a part: whichever process asks for it, and if it is asked for again."""
        table = pa.Table.from_batches([written(batch) for batch in batches], SCHEMA)
        file = io.BytesIO()
        pq.write_table(table, file, compression="zstd")
        self._put(_name(number), file.getvalue())

    def _write_waiting(self) -> None:
        self.put(self.next, self.waiting)
        self.next += 1
        self.waiting = []

    def _whole(self) -> Iterator[pa.Table]:
        """Up to the first that is not there or was cut off: those after it may be of rows that it should have had."""
        for expected, number in enumerate(self._numbers()):
            if number != expected:
                return
            system, path = place_of(self.file / _name(number))
            with system.open_input_stream(path) as file:
                content = io.BytesIO(file.read())
            try:
                part = pq.read_table(content)
            except pa.ArrowInvalid:
                return
            try:
                yield part.select(SCHEMA.names).cast(SCHEMA)
            except (pa.ArrowException, KeyError) as error:
                raise OutputError(f"{self.file / _name(number)} has no rows of this program: {error}") from None

    def _numbers(self) -> list[int]:
        """Of the parts that are there."""
        system, path = place_of(self.file)
        found = system.get_file_info(fs.FileSelector(path, allow_not_found=True))
        return sorted(int(match[1]) for one in found if (match := NAME.fullmatch(one.base_name)))

    def _put(self, name: str, content: bytes) -> None:
        system, path = place_of(self.file / name)
        with system.open_output_stream(path) as file:
            file.write(content)

    def _remove(self, name: str) -> None:
        system, path = place_of(self.file / name)
        system.delete_file(path)


def is_full(size: int, since: float) -> bool:
    """Whether rows of so many bytes, of which the first came then (`time.monotonic`), make a part."""
    return size >= BYTES_AT_MOST or time.monotonic() - since >= SECONDS_AT_MOST


def _name(number: int) -> str:
    return f"part-{number:08}.parquet"
