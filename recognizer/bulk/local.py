"""The local engine: items → rows, in order, by processes of this machine. One that dies costs one item at most."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from time import perf_counter
from types import TracebackType

import pyarrow as pa

from recognizer.bulk.items import Item
from recognizer.bulk.reader import Reader, Reading, failed

FEWEST, MOST = 8, 512  # items that are sent to a process at once
SECONDS_AT_ONCE = 0.25  # that they should take, so that a stop does not wait for long
AHEAD = 2  # batches sent for each process, so that none waits for the next

_reader: Reader | None = None  # of a worker process


class LocalEngine:
    """Processes that read. Use it with `with`; `stop` is asked before more items are taken."""

    def __init__(self, reading: Reading, jobs: int, stop: Callable[[], bool] = lambda: False) -> None:
        self.reading = reading
        self.jobs = jobs
        self.stop = stop
        self.size = FEWEST
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def __call__(self, items: Iterable[Item]) -> Iterator[pa.RecordBatch]:
        """Rows of all items, or of those taken before `stop` said so, in the items' order."""
        rest = iter(items)
        sent: deque[tuple[Future[tuple[pa.RecordBatch, float]], list[Item]]] = deque()
        while True:
            while len(sent) < self.jobs * AHEAD and not self.stop() and (part := list(islice(rest, self.size))):
                sent.append((self._send(part), part))
            if not sent:
                return
            future, part = sent.popleft()
            try:
                rows, seconds = future.result()
            except BrokenProcessPool:
                yield from self._again([part, *(part for _, part in sent)])
                sent.clear()
                continue
            self.size = self._next_size(len(part), seconds)
            yield rows

    def _send(self, items: Sequence[Item]) -> "Future[tuple[pa.RecordBatch, float]]":
        try:
            self.pool = self.pool or self._started()
            return self.pool.submit(_read, items)
        except BrokenProcessPool as error:  # one died since; whoever waits for these rows is told
            broken: Future[tuple[pa.RecordBatch, float]] = Future()
            broken.set_exception(error)
            return broken

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.jobs, get_context("spawn"), _start, (self.reading,))
        with uninterrupted():  # Ctrl-C reaches them, too
            for _ in range(self.jobs):
                pool.submit(_read, [])  # each starts a process, until there are all
        return pool

    def _next_size(self, items: int, seconds: float) -> int:
        """As many as take a quarter of a second, at most twice as many as before."""
        wanted = round(items * SECONDS_AT_ONCE / max(seconds, 1e-6))
        return max(FEWEST, min(wanted, 2 * self.size, MOST))

    def _again(self, parts: Iterable[Sequence[Item]]) -> Iterator[pa.RecordBatch]:
        """A process died, and took what all were reading with it: one by one, to find out of what."""
        self.pool = None  # it has ended its other processes; whoever sends next starts another
        for part in parts:
            yield from self._alone(part)

    def _alone(self, items: Sequence[Item]) -> Iterator[pa.RecordBatch]:
        try:
            yield self._send(items).result()[0]
        except BrokenProcessPool:
            self.pool = None
            if len(items) == 1:
                yield failed(items[0], "reading it ended the process: no memory, or a decoder's fault", self.reading)
                return
            half = len(items) // 2
            yield from self._alone(items[:half])
            yield from self._alone(items[half:])


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is started meanwhile ignores Ctrl-C: who started it decides when it ends."""
    if threading.current_thread() is not threading.main_thread():  # only that one may say so
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start(reading: Reading) -> None:
    global _reader
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _reader = Reader(reading)


def _end_with_parent() -> None:
    """Where that is killed, nobody else would end this process."""
    parent = parent_process()
    assert parent is not None  # it was spawned  # noqa: S101
    parent.join()
    os._exit(1)


def _read(items: Sequence[Item]) -> tuple[pa.RecordBatch, float]:
    """Rows, and the seconds that they took."""
    assert _reader is not None  # noqa: S101 - _start has made it
    started = perf_counter()
    return _reader(items), perf_counter() - started
