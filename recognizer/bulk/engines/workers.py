"""The worker processes of this machine: start, send items, receive rows, end."""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

import pyarrow as pa

from recognizer.bulk import limits
from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.items import Item
from recognizer.errors import RecognizerError

SECONDS_TO_END = 1.0
LARGE_BYTES = 1 << 16  # larger contents are sent outside the pickle
RUN_ERRORS = (RecognizerError, OSError)  # errors that end the run: of the model, or of a full disk
Answer = tuple[pa.RecordBatch, float] | Exception  # rows, and the seconds for them


class Worker:
    """A process that reads items. It is ready when its first answer, None, has come."""

    def __init__(self, reading: Reading) -> None:
        spawning = get_context("spawn")
        self.connection, theirs = spawning.Pipe()
        self.place: Any = spawning.RawValue("i", 0)  # of the current item in its batch
        self.process = spawning.Process(target=_work, args=(theirs, self.place, reading), daemon=True)
        self.is_ready = False
        with ignore_interrupts():  # a terminal sends Ctrl-C to every process
            self.process.start()
        theirs.close()

    def send(self, items: Sequence[Item]) -> None:
        """Send items, large contents without a copy. Raises `OSError` if the process has ended."""
        self.place.value = 0
        large: list[pickle.PickleBuffer] = []

        def is_small(content: pickle.PickleBuffer) -> bool:
            if content.raw().nbytes < LARGE_BYTES:
                return True
            large.append(content)
            return False

        head = pickle.dumps(items, 5, buffer_callback=is_small)
        self.connection.send(len(large))
        self.connection.send_bytes(head)
        for content in large:
            self.connection.send_bytes(content.raw())

    def receive(self) -> Answer | None:
        """The next answer. Raises `EOFError` or `OSError` if the process has ended."""
        answer: Answer | None = self.connection.recv()
        return answer

    def end(self) -> int | None:
        """End the process, by force if it does not end by itself. Return its exit code."""
        self.connection.close()
        self.process.join(SECONDS_TO_END)
        self.process.kill()
        self.process.join()
        return self.process.exitcode


@contextmanager
def ignore_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C in processes started meanwhile: their parent decides when they end."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _work(connection: Connection, place: Any, reading: Reading) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        reader = Reader(reading, partial(setattr, place, "value"))
    except Exception as error:
        connection.send(_to_portable(error))
        return
    limits.limit_memory()
    limits.end_when_too_long()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # decoders print warnings; rows have the errors
    connection.send(None)
    while True:
        try:
            connection.send(_answer(reader, _receive(connection)))
        except (EOFError, OSError):  # the parent has closed the connection
            return
        except MemoryError:
            os._exit(1)


def _end_with_parent() -> None:
    """End this process if its parent is killed."""
    parent = parent_process()
    assert parent is not None  # this process was spawned  # noqa: S101
    parent.join()
    os._exit(1)


def _receive(connection: Connection) -> list[Item]:
    count: int = connection.recv()
    head = connection.recv_bytes()
    items: list[Item] = pickle.loads(head, buffers=[connection.recv_bytes() for _ in range(count)])  # noqa: S301 - ours
    return items


def _answer(reader: Reader, items: Sequence[Item]) -> Answer:
    started = perf_counter()
    try:
        return reader(items), perf_counter() - started
    except Exception as error:
        return _to_portable(error)
    finally:
        limits.stop_clock()


def _to_portable(error: Exception) -> Exception:
    """The error, or its text if it cannot be pickled."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made above
    except Exception:
        return RuntimeError(limits.reason(error))
    return error
