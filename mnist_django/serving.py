"""How gunicorn serves the site: `gunicorn --config python:mnist_django.serving mnist_django.wsgi`.

docs/deployment.md says why this server and why these numbers. What gunicorn lacks for slow visitors is added here.
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

READ_S = 60  # for a whole request: 4 MB at 0.5 Mbit/s
ANSWER_S = 300  # from its first byte to the last of the answer: 3.7 MB, the engine by gzip, at 0.1 Mbit/s
LINGER_S = 2  # for a visitor to close a connection that has ended
M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES = -3, 4_000_000  # with 1 MB, a small PNG takes 17 % longer
MOST_LINGERING_PIECES = 64  # of 64 kB: the rest of a refused body that a visitor is still sending


class PatientThreads(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threaded worker, with time limits for slow visitors.

    By itself, a thread waits for a slow visitor for ever. And the main thread, which accepts connections, waits up to
    two seconds for each visitor who does not close a connection that has ended; here a thread does that.
    """

    read_s, answer_s = READ_S, ANSWER_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun: dict[Any, float] = {}  # connections that threads are busy with

    def run(self) -> None:
        """Until the worker is told to stop. Its process ends only after its threads: they stop waiting for visitors."""
        super().run()
        self._cut(self.begun.copy(), socket.SHUT_RDWR)

    def handle(self, conn: Any) -> Any:
        """Runs in a thread. Returns something false if the connection has ended."""
        self.begun[conn] = time.monotonic()
        try:
            kept = super().handle(conn)
            if not kept:
                _hang_up(conn.sock)
            return kept
        finally:
            del self.begun[conn]

    def murder_pending(self) -> None:
        """Runs in the main thread, once a second and more."""
        super().murder_pending()
        now, begun = time.monotonic(), self.begun.copy()
        # The request ends here, but the answer may still be sent.
        self._cut([conn for conn, since in begun.items() if now - since > self.read_s], socket.SHUT_RD)
        self._cut([conn for conn, since in begun.items() if now - since > self.answer_s], socket.SHUT_RDWR)

    def _cut(self, connections: Iterable[Any], directions: int) -> None:
        for conn in connections:
            with suppress(OSError):  # the visitor has gone
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
    """Let the visitor read the whole answer: closing a connection while bytes arrive would lose what was sent.

    gunicorn does the same afterwards in the main thread, but then finds nothing to wait for.
    """
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LINGER_S)
        for _ in range(MOST_LINGERING_PIECES):
            if not connection.recv(65_536):
                break
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def post_fork(server: Any, worker: Any) -> None:
    """Large blocks of memory go back to the system when they are freed.

    By default glibc keeps them for each thread, once one was freed. After 40 photos of 16 megapixels at once, two
    workers held 4.5 GB for good; with this they hold 0.8 GB.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


# gunicorn's settings

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = PatientThreads
threads = 256
keepalive = 5  # seconds
graceful_timeout = 10  # seconds, for requests in hand when the server stops or restarts
control_socket_disable = True
logger_class = DiscreetLog
