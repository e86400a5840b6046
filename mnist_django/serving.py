"""gunicorn's settings, and a worker with time limits for slow visitors, which gunicorn lacks.

Start it with `gunicorn --config python:mnist_django.serving mnist_django.wsgi`. docs/deployment.md explains the choice
of server and numbers.
"""

import ctypes
import os
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

READ_S = 60  # to receive a whole request: 12 MB at 1.6 Mbit/s
ANSWER_S = 300  # from the first byte of a request to the last of its answer: 3.7 MB (the engine, gzip) at 0.1 Mbit/s
LINGER_S = 2  # for the visitor to close the connection after the answer
M_MMAP_THRESHOLD = -3  # from glibc's malloc.h
LARGE_BLOCK_BYTES = 4_000_000  # with 1 MB, a small PNG takes 17 % longer
MAX_LINGER_READS = 64  # of 64 kB each: the rest of a refused body that the visitor is still sending


class TimeLimitedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threaded worker, with time limits for slow visitors.

    In gunicorn's own, a thread waits for a slow visitor for ever. The main thread, which accepts connections, waits up
    to two seconds for each visitor who does not close a finished connection; here the request's thread does that.
    """

    read_s, answer_s = READ_S, ANSWER_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start_times: dict[Any, float] = {}  # of the connections that threads are busy with

    def run(self) -> None:
        """Run until the worker is told to stop, then cut all connections: the process ends only after its threads."""
        super().run()
        self._cut(self.start_times.copy(), socket.SHUT_RDWR)

    def handle(self, conn: Any) -> Any:
        """Answer a request, in a thread. Return a false value if the connection has ended."""
        self.start_times[conn] = time.monotonic()
        try:
            kept = super().handle(conn)
            if not kept:
                _hang_up(conn.sock)
            return kept
        finally:
            del self.start_times[conn]

    def murder_pending(self) -> None:
        """Cut the connections that are over a time limit. Runs in the main thread at least once a second."""
        super().murder_pending()
        now, start_times = time.monotonic(), self.start_times.copy()
        # No more of the request is read, but its answer can still be sent.
        self._cut([conn for conn, start in start_times.items() if now - start > self.read_s], socket.SHUT_RD)
        self._cut([conn for conn, start in start_times.items() if now - start > self.answer_s], socket.SHUT_RDWR)

    def _cut(self, connections: Iterable[Any], directions: int) -> None:
        for conn in connections:
            with suppress(OSError):  # the visitor has left
                conn.sock.shutdown(directions)


class DiscreetLog(Logger):  # type: ignore[misc]
    """gunicorn's log without what visitors sent."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from"):
            msg, args = "A request that is not valid HTTP was refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Error handling request"):
            msg, args = "Error handling a request", ()  # without its address
        super().exception(msg, *args, **kwargs)


def _hang_up(connection: socket.socket) -> None:
    """Let the visitor read the whole answer. Closing a connection while bytes still arrive would lose the answer.

    gunicorn does the same later in the main thread, but then has nothing to wait for.
    """
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LINGER_S)
        for _ in range(MAX_LINGER_READS):
            if not connection.recv(65_536):
                break
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def post_fork(server: Any, worker: Any) -> None:
    """Make the process return large blocks of memory to the system as soon as they are freed.

    By default glibc keeps freed blocks for each thread. After 40 photos of 16 megapixels at once, two workers held
    4.5 GB for good; with this setting they hold 0.8 GB.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


# gunicorn's settings

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = TimeLimitedWorker
threads = 256
keepalive = 5  # seconds between two requests of a connection
graceful_timeout = 10  # seconds to finish open requests when the server stops or restarts
control_socket_disable = True
logger_class = DiscreetLog
