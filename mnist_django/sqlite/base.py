"""Where Django looks for the backend."""

import os
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Makes a new database file 0600, for it holds password hashes and sessions. SQLite's files beside it get the same.

    A file that is there keeps its mode: somebody may have widened it on purpose. `check --deploy` mentions it.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.is_in_memory_db():
            with suppress(OSError):  # it is there already, or SQLite says better why it cannot be
                os.close(os.open(conn_params["database"], os.O_CREAT | os.O_EXCL, 0o600))
        return super().get_new_connection(conn_params)
