"""Limits how long an answer waits for a locked database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

MAX_WAIT_MS = 500


@contextmanager
def limit_lock_wait(using: str) -> Iterator[None]:
    """Let the queries inside give up after half a second with SQLite's error. Other queries wait as the site has set.

    Other databases than SQLite are left alone: they serve readers while others write, and have their own settings.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    sqlite = connection.connection  # the driver's own: these PRAGMAs are no Django queries and wait for no lock
    (usual_ms,) = sqlite.execute("PRAGMA busy_timeout").fetchone()
    sqlite.execute(f"PRAGMA busy_timeout = {min(usual_ms, MAX_WAIT_MS)}")
    try:
        yield
    finally:
        sqlite.execute(f"PRAGMA busy_timeout = {usual_ms}")
