"""Static files whose addresses change with their content, as in production, without collecting them first."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

STORAGES = {"staticfiles": {"BACKEND": "tests.support.hashed.Versioned"}}


class Versioned(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        content = Path(finders.find(name or "") or "").read_bytes()
        return f"{super().url(name)}?{hashlib.sha256(content).hexdigest()[:12]}"
