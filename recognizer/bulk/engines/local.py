"""The local engine: items → rows, in order, by processes of this machine. One that dies costs one item at most."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import wait
from types import TracebackType

import pyarrow as pa

from recognizer.bulk import limits
from recognizer.bulk.engines.reader import Reading, failed
from recognizer.bulk.engines.workers import TOLD, Worker
from recognizer.bulk.items import Item
from recognizer.bulk.stopping import Interrupted
from recognizer.errors import RecognizerError

FEWEST, MOST = 8, 512  # items that are sent to a process at once
SECONDS_AT_ONCE = 0.25  # that they should take, so that a stop does not wait for long
AHEAD = 2  # batches taken for each process, so that none waits for the next
BYTES_FOR_EACH = 1 << 23  # that their contents hold, for each process: then no more are taken until some are read
SECONDS_TO_STOP = 2.0  # for what is being read when a stop is asked for
SECONDS_TO_LOOK = 0.1  # whether one is
STARTS = 3  # of a process, before there must be another reason why it ends at once
DIED = "reading it ended the process: no memory, or a decoder's fault"


@dataclass(eq=False)
class Batch:
    """Items, and once they are read their rows instead."""

    items: list[Item]
    rows: pa.RecordBatch | None = None
    worker: Worker | None = None
    nbytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.nbytes = sum(item.nbytes for item in self.items)

    def finish(self, rows: pa.RecordBatch) -> None:
        self.rows, self.items, self.nbytes, self.worker = rows, [], 0, None


class LocalEngine:
    """Processes that read. Use it with `with`; `stop` is asked before more items are taken."""

    def __init__(self, reading: Reading, jobs: int, stop: Callable[[], bool] = lambda: False) -> None:
        self.reading = reading
        self.jobs = jobs
        self.stop = stop
        self.size = FEWEST
        self.workers: list[Worker] = []
        self.starts = 0  # of processes, since one was ready
        self.batches: deque[Batch] = deque()  # in order: being read, waiting for it, or read before an earlier one

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self.workers:
            worker.connection.close()  # all of them end at the same time
        for worker in self.workers:
            worker.end()

    def __call__(self, items: Iterable[Item]) -> Iterator[pa.RecordBatch]:
        """Rows of all items, in their order. After `stop` said so, of those taken that are read soon enough."""
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
        """As much as memory is meant to hold, and at least one."""
        while not self.stop() and len(self.batches) < self.jobs * AHEAD:
            room = self.jobs * BYTES_FOR_EACH - sum(batch.nbytes for batch in self.batches)
            if room <= 0 or not (items := self._next_items(rest, min(room, BYTES_FOR_EACH))):
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
        """To the processes that have nothing to read; another is started where one is missing."""
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
        except OSError:  # it has died since
            self._replace(worker)

    def _collect(self) -> None:
        """What the processes have answered meanwhile."""
        for connection in wait([worker.connection for worker in self.workers], SECONDS_TO_LOOK):
            worker = next(worker for worker in self.workers if worker.connection is connection)
            try:
                answer = worker.receive()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(answer, Exception):
                self._raised(answer, worker)
            elif answer is None:
                worker.is_ready, self.starts = True, 0
            else:
                self._finish(self._batch_of(worker), *answer)

    def _batch_of(self, worker: Worker) -> Batch:
        return next(batch for batch in self.batches if batch.worker is worker)

    def _finish(self, batch: Batch, rows: pa.RecordBatch, seconds: float) -> None:
        """The next ones are as many as take a quarter of a second, at most twice as many as before."""
        wanted = round(len(batch.items) * SECONDS_AT_ONCE / max(seconds, 1e-6))
        self.size = max(FEWEST, min(wanted, 2 * self.size, MOST))
        batch.finish(rows)

    def _raised(self, error: Exception, worker: Worker) -> None:
        """An error of the run ends it; any other is that of an item, and the others are read."""
        if isinstance(error, TOLD) or not worker.is_ready:
            raise error
        batch = self._batch_of(worker)
        if len(batch.items) == 1:
            self._fail(batch, f"it cannot be read: {limits.reason(error)}")
        else:
            self._split(batch, len(batch.items) // 2)

    def _replace(self, worker: Worker) -> None:
        """A process died. What it was reading is read alone, to find out whether that is why."""
        self.workers.remove(worker)
        exit_code = worker.end()
        if not worker.is_ready:
            self.starts += 1
            if self.starts == STARTS:
                raise RecognizerError(f"the processes that read end before they begin, with exit code {exit_code}")
            return
        batch = next((batch for batch in self.batches if batch.worker is worker), None)
        if batch is None:
            return
        place = worker.place.value
        too_long = limits.ended_too_long(exit_code)
        if len(batch.items) == 1:
            self._fail(batch, limits.TOO_LONG if too_long else DIED)
        else:
            alone = self._split(batch, place, place + 1)
            if too_long:
                self._fail(alone, limits.TOO_LONG)

    def _fail(self, batch: Batch, error: str) -> None:
        batch.finish(failed(batch.items[0], error, self.reading))

    def _split(self, batch: Batch, *places: int) -> Batch:
        """In place of the batch come those of the items between these places. The second of them."""
        at = self.batches.index(batch)
        starts = (0, *places, len(batch.items))
        parts = [Batch(batch.items[start:end]) for start, end in pairwise(starts)]
        del self.batches[at]
        for part in reversed(parts):
            if part.items:
                self.batches.insert(at, part)
        return parts[1]

    def _drop_batches(self) -> None:
        """Processes that read what nobody waits for are ended."""
        for batch in self.batches:
            if batch.worker:
                self.workers.remove(batch.worker)
                batch.worker.process.kill()
                batch.worker.end()
        self.batches.clear()
