"""What `manage.py check --deploy` says about this site besides what Django says."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_database_mode(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """W001: other users of the machine can read the database. New ones are made 0600."""
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if not database.exists() or not database.stat().st_mode & OTHERS:
        return []
    hint = f"It holds password hashes and sessions. If nobody else needs it: chmod 600 {database}"
    return [CheckWarning("Other users of this machine can open the database.", hint=hint, id="mnist_django.W001")]
