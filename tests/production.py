"""The site as it is served: gunicorn, DEBUG off, hashed static files, real sockets, a database of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LISTENING = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Site:
    port: int
    database: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def asked(self) -> list[str]:
        """Method and path of each request that a page has made so far; a test's own requests do not count."""
        return re.findall(r'"([A-Z]+ \S+) HTTP.*"Mozilla', self.log.read_text())


@contextmanager
def served(folder: Path, static: Path, settings: str = "mnist_django.settings") -> Iterator[Site]:
    """Two workers on a free port. static: where the static files are collected, unless they are already."""
    folder.mkdir(exist_ok=True)
    variables = {
        "DJANGO_SETTINGS_MODULE": settings,
        "DEBUG": "false",
        "SECRET_KEY": "k" * 40,
        "DATABASE": f"{folder}/db",
        "STATIC_ROOT": str(static),
    }
    options: dict[str, Any] = {"cwd": ROOT, "env": os.environ | variables, "text": True}
    collect = [] if static.exists() else [["collectstatic", "--no-input", "--verbosity", "0"]]
    for command in [["migrate", "--verbosity", "0"], *collect]:
        subprocess.run([sys.executable, "manage.py", *command], check=True, **options)
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "mnist_django.wsgi"]
    gunicorn += ["--no-control-socket", "--access-logfile", f"{folder}/log"]
    with subprocess.Popen(gunicorn, stderr=subprocess.PIPE, **options) as server:
        assert server.stderr
        try:
            port = int(next(filter(None, map(LISTENING.search, server.stderr)))[1])
            yield Site(port, folder / "db", folder / "log")
        finally:
            server.terminate()
            server.stderr.read()
