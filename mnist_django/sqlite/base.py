"""The module that Django loads for the ENGINE `mnist_django.sqlite`."""

import os
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Creates a new database file with mode 0600, because it holds password hashes and sessions.

    SQLite gives its journal files the same mode. An existing file keeps its mode, because the operator may have widened
    it on purpose; `check --deploy` warns about it.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.is_in_memory_db():
            with suppress(OSError):  # it exists already, or SQLite will report the problem better
                os.close(os.open(conn_params["database"], os.O_CREAT | os.O_EXCL, 0o600))
        return super().get_new_connection(conn_params)
