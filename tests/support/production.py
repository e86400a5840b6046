"""The site as in production: gunicorn, DEBUG off, hashed static files, real sockets, its own database."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LISTENING = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Site:
    port: int
    database: Path
    log: Path
    errors: Path  # the terminal output of gunicorn and Django
    server: int  # the parent process of the workers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def asked(self) -> list[str]:
        """Method and path of each request by a browser so far, without requests of the test itself."""
        return re.findall(r'"([A-Z]+ \S+) HTTP.*"Mozilla', self.log.read_text())

    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.server}/task/{self.server}/children").read_text().split()]


@contextmanager
def serve(
    folder: Path,
    static: Path,
    settings: str = "mnist_django.settings",
    config: str = "mnist_django.serving",
    **variables: str,
) -> Iterator[Site]:
    """Serve with two workers on a free port. static: where static files are collected, if that has not been done."""
    folder.mkdir(exist_ok=True)
    environment = {
        "DJANGO_SETTINGS_MODULE": settings,
        "DEBUG": "false",
        "SECRET_KEY": "k" * 40,
        "DATABASE": f"{folder}/db",
        "STATIC_ROOT": str(static),
    }
    options: dict[str, Any] = {"cwd": ROOT, "env": os.environ | environment | variables, "text": True}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True, **options)
    if not static.exists():
        hashed = options | {"env": options["env"] | {"DEBUG": "false"}}  # hashed names, so that every site can use them
        subprocess.run([*manage, "collectstatic", "--no-input", "--verbosity", "0"], check=True, **hashed)
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", f"python:{config}", "--bind", "127.0.0.1:0"]
    gunicorn += ["--access-logfile", f"{folder}/log", "mnist_django.wsgi"]
    errors = folder / "errors"
    with errors.open("w") as file, subprocess.Popen(gunicorn, stderr=file, **options) as server:
        try:
            yield Site(wait_for_port(errors, server), folder / "db", folder / "log", errors, server.pid)
        finally:
            server.terminate()


def wait_for_port(errors: Path, server: "subprocess.Popen[str]") -> int:
    while not (found := LISTENING.search(errors.read_text())):
        assert server.poll() is None, errors.read_text()
        time.sleep(0.05)
    return int(found[1])
