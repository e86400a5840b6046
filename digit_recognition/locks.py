"""How long an answer waits for a database that somebody else has locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

MOST_MS = 500


@contextmanager
def short_wait(using: str) -> Iterator[None]:
    """Queries in it give up after half a second, by SQLite's error; others wait on for as long as the site has set.

    Other databases answer readers while others write, and have settings of their own.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    sqlite = connection.connection  # itself: these are no queries, and wait for no lock
    (usual_ms,) = sqlite.execute("PRAGMA busy_timeout").fetchone()
    sqlite.execute(f"PRAGMA busy_timeout = {min(usual_ms, MOST_MS)}")
    try:
        yield
    finally:
        sqlite.execute(f"PRAGMA busy_timeout = {usual_ms}")
