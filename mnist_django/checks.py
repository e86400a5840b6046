"""The site's own checks for `manage.py check --deploy`."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning

GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_database_mode(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """W001: other users of the machine can open the database. New databases get mode 0600."""
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if not database.exists() or not database.stat().st_mode & GROUP_AND_OTHERS:
        return []
    hint = f"It holds password hashes and sessions. If nobody else needs it: chmod 600 {database}"
    return [CheckWarning("Other users of this machine can open the database.", hint=hint, id="mnist_django.W001")]
