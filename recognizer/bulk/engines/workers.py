"""A process of this machine that reads: how it begins, what it is sent, what it answers, how it ends."""

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
BYTES_BESIDE = 1 << 16  # contents from here on
TOLD = (RecognizerError, OSError)  # errors of the run: of the model, or of a disk that is full
Answer = tuple[pa.RecordBatch, float] | Exception  # rows, and the seconds that they took


class Worker:
    """Reads the items that it is sent. It is ready when its first answer, None, has come."""

    def __init__(self, reading: Reading) -> None:
        spawning = get_context("spawn")
        self.connection, theirs = spawning.Pipe()
        self.place: Any = spawning.RawValue("i", 0)  # of the item that is being read, among those that were sent
        self.process = spawning.Process(target=_work, args=(theirs, self.place, reading), daemon=True)
        self.is_ready = False
        with uninterrupted():  # Ctrl-C reaches it, too
            self.process.start()
        theirs.close()

    def send(self, items: Sequence[Item]) -> None:
        """Large contents travel beside the pickle, uncopied. Raises `OSError` where the process has ended."""
        self.place.value = 0
        large: list[pickle.PickleBuffer] = []

        def is_small(content: pickle.PickleBuffer) -> bool:
            if content.raw().nbytes < BYTES_BESIDE:
                return True
            large.append(content)
            return False

        head = pickle.dumps(items, 5, buffer_callback=is_small)
        self.connection.send(len(large))
        self.connection.send_bytes(head)
        for content in large:
            self.connection.send_bytes(content.raw())

    def receive(self) -> Answer | None:
        """What has come. Raises `EOFError` or `OSError` where the process has ended."""
        answer: Answer | None = self.connection.recv()
        return answer

    def end(self) -> int | None:
        """At once, if need be. The exit code."""
        self.connection.close()
        self.process.join(SECONDS_TO_END)
        self.process.kill()
        self.process.join()
        return self.process.exitcode


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


def _work(connection: Connection, place: Any, reading: Reading) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        reader = Reader(reading, partial(setattr, place, "value"))
    except Exception as error:
        connection.send(_portable(error))
        return
    limits.limit_memory()
    limits.end_when_too_long()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # decoders complain there; rows have their errors
    connection.send(None)
    while True:
        try:
            connection.send(_answer(reader, _received(connection)))
        except (EOFError, OSError):  # nobody is there to read for
            return
        except MemoryError:
            os._exit(1)


def _end_with_parent() -> None:
    """Where that is killed, nobody else would end this process."""
    parent = parent_process()
    assert parent is not None  # it was spawned  # noqa: S101
    parent.join()
    os._exit(1)


def _received(connection: Connection) -> list[Item]:
    count: int = connection.recv()
    head = connection.recv_bytes()
    items: list[Item] = pickle.loads(head, buffers=[connection.recv_bytes() for _ in range(count)])  # noqa: S301 - ours
    return items


def _answer(reader: Reader, items: Sequence[Item]) -> Answer:
    started = perf_counter()
    try:
        return reader(items), perf_counter() - started
    except Exception as error:
        return _portable(error)
    finally:
        limits.stop_clock()


def _portable(error: Exception) -> Exception:
    """The error, or what it says where it cannot travel."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    except Exception:
        return RuntimeError(limits.reason(error))
    return error
