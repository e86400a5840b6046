"""The local engine: items → rows, in order, by processes of this machine. A crash costs one item at most."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import wait
from types import TracebackType

import pyarrow as pa

from recognizer.bulk import limits
from recognizer.bulk.engines.reader import Reading, error_row
from recognizer.bulk.engines.workers import RUN_ERRORS, Worker
from recognizer.bulk.items import Item
from recognizer.bulk.stopping import Interrupted
from recognizer.errors import RecognizerError

FEWEST, MOST = 8, 512  # items in a batch
BATCH_SECONDS = 0.25  # that a batch should take, so that a stop does not wait for long
AHEAD = 2  # batches taken per process, so that no process waits for its next one
BYTES_PER_PROCESS = 1 << 23  # content that waits; above it, no more items are taken until some are read
SECONDS_TO_STOP = 2.0  # for batches that are being read when a stop is requested
SECONDS_TO_WAIT = 0.1  # for answers, before looking for a stop again
STARTS = 3  # failed starts in a row that end the run
CRASHED = "reading it crashed the process: out of memory, or a bug in a decoder"


@dataclass(eq=False)
class Batch:
    """Items, replaced by their rows once they are read."""

    items: list[Item]
    rows: pa.RecordBatch | None = None
    worker: Worker | None = None
    nbytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.nbytes = sum(item.nbytes for item in self.items)

    def finish(self, rows: pa.RecordBatch) -> None:
        self.rows, self.items, self.nbytes, self.worker = rows, [], 0, None


class LocalEngine:
    """Reads in processes. Use it in a `with` block; it calls `stop` before it takes more items."""

    def __init__(self, reading: Reading, jobs: int, stop: Callable[[], bool] = lambda: False) -> None:
        self.reading = reading
        self.jobs = jobs
        self.stop = stop
        self.size = FEWEST
        self.workers: list[Worker] = []
        self.failed_starts = 0  # since a process was ready
        self.batches: deque[Batch] = deque()  # in order: waiting, being read, or read but behind an unfinished one

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self.workers:
            worker.connection.close()  # so that all of them end at the same time
        for worker in self.workers:
            worker.end()

    def __call__(self, items: Iterable[Item]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of all items, in order. After a stop, wait `SECONDS_TO_STOP` for the items already taken."""
        rest, give_up = iter(items), float("inf")
        try:
            while True:
                self._take(rest)
                if self.stop():
                    give_up = min(give_up, time.monotonic() + SECONDS_TO_STOP)
                if not self.batches or time.monotonic() > give_up:
                    return
                self._hand_out()
                self._collect()
                while self.batches and (rows := self.batches[0].rows) is not None:
                    self.batches.popleft()
                    yield rows
        finally:
            self._drop_batches()

    def _take(self, rest: Iterator[Item]) -> None:
        """Take items while memory allows, at least one batch."""
        while not self.stop() and len(self.batches) < self.jobs * AHEAD:
            room = self.jobs * BYTES_PER_PROCESS - sum(batch.nbytes for batch in self.batches)
            if room <= 0 or not (items := self._next_items(rest, min(room, BYTES_PER_PROCESS))):
                return
            self.batches.append(Batch(items))

    def _next_items(self, rest: Iterator[Item], room: int) -> list[Item]:
        items: list[Item] = []
        try:
            while len(items) < self.size and room > 0:
                items.append(next(rest))
                room -= items[-1].nbytes
        except (StopIteration, Interrupted):
            return items
        return items

    def _hand_out(self) -> None:
        """Send waiting batches to idle processes, and start processes until there are `jobs`."""
        busy = {batch.worker for batch in self.batches}
        idle = [worker for worker in self.workers if worker not in busy]
        for batch in [batch for batch in self.batches if batch.rows is None and batch.worker is None]:
            if idle:
                worker = idle.pop()
            elif len(self.workers) < self.jobs:
                self.workers.append(worker := Worker(self.reading))
            else:
                return
            if worker.is_ready:
                self._send(batch, worker)

    def _send(self, batch: Batch, worker: Worker) -> None:
        batch.worker = worker
        try:
            worker.send(batch.items)
        except OSError:  # the process has died
            self._replace(worker)

    def _collect(self) -> None:
        """Take the answers of processes."""
        for connection in wait([worker.connection for worker in self.workers], SECONDS_TO_WAIT):
            worker = next(worker for worker in self.workers if worker.connection is connection)
            try:
                answer = worker.receive()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(answer, Exception):
                self._handle_error(answer, worker)
            elif answer is None:
                worker.is_ready, self.failed_starts = True, 0
            else:
                self._finish(self._batch_of(worker), *answer)

    def _batch_of(self, worker: Worker) -> Batch:
        return next(batch for batch in self.batches if batch.worker is worker)

    def _finish(self, batch: Batch, rows: pa.RecordBatch, seconds: float) -> None:
        """Store the rows, and size the next batches to `BATCH_SECONDS`, at most doubling them."""
        wanted = round(len(batch.items) * BATCH_SECONDS / max(seconds, 1e-6))
        self.size = max(FEWEST, min(wanted, 2 * self.size, MOST))
        batch.finish(rows)

    def _handle_error(self, error: Exception, worker: Worker) -> None:
        """End the run on an error of the run. Any other error belongs to an item: split the batch to find which."""
        if isinstance(error, RUN_ERRORS) or not worker.is_ready:
            raise error
        batch = self._batch_of(worker)
        if len(batch.items) == 1:
            self._fail(batch, f"it cannot be read: {limits.reason(error)}")
        else:
            self._split(batch, len(batch.items) // 2)

    def _replace(self, worker: Worker) -> None:
        """A process died: read its current item alone, to see whether that item was the cause."""
        self.workers.remove(worker)
        exit_code = worker.end()
        if not worker.is_ready:
            self.failed_starts += 1
            if self.failed_starts == STARTS:
                raise RecognizerError(f"The worker processes crash at start, with exit code {exit_code}.")
            return
        batch = next((batch for batch in self.batches if batch.worker is worker), None)
        if batch is None:
            return
        place = worker.place.value
        too_long = limits.was_ended_by_clock(exit_code)
        if len(batch.items) == 1:
            self._fail(batch, limits.TOO_LONG if too_long else CRASHED)
        else:
            alone = self._split(batch, place, place + 1)
            if too_long:
                self._fail(alone, limits.TOO_LONG)

    def _fail(self, batch: Batch, error: str) -> None:
        batch.finish(error_row(batch.items[0], error, self.reading))

    def _split(self, batch: Batch, *places: int) -> Batch:
        """Replace the batch by batches cut at these places. Return the second one."""
        at = self.batches.index(batch)
        starts = (0, *places, len(batch.items))
        parts = [Batch(batch.items[start:end]) for start, end in pairwise(starts)]
        del self.batches[at]
        for part in reversed(parts):
            if part.items:
                self.batches.insert(at, part)
        return parts[1]

    def _drop_batches(self) -> None:
        """Drop all batches, and kill the processes that are reading them."""
        for batch in self.batches:
            if batch.worker:
                self.workers.remove(batch.worker)
                batch.worker.process.kill()
                batch.worker.end()
        self.batches.clear()
