"""The site as in production for as long as a benchmark lasts: gunicorn on a free port, DEBUG off, files hashed.

Its database, its collected files and its key are thrown away at the end.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60


@contextmanager
def served(log: int | None = None) -> Iterator[str]:
    """The site's address, once it answers. log: a file's descriptor that takes its log; else the terminal does."""
    with prepared() as environment:
        place = f"127.0.0.1:{free_port()}"
        server = started(place, environment, log)
        try:
            yield answering(f"http://{place}/", server)
        finally:
            server.terminate()
            server.wait()


@contextmanager
def prepared() -> Iterator[dict[str, str]]:
    """The environment of a site whose database and static files are there."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DEBUG": "false",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE": f"{folder}/db.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
        }
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            whole = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(whole, cwd=ROOT, env=environment, check=True)  # noqa: S603 — our own commands
        yield environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(place: str, environment: dict[str, str], log: int | None = None) -> "subprocess.Popen[bytes]":
    options = ["--config", "python:mnist_django.serving", "--log-level", "warning", "--bind", place]
    command = [sys.executable, "-m", "gunicorn", *options, "mnist_django.wsgi"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 — our own commands


def answering(address: str, server: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 — the address of this site
        except OSError:
            time.sleep(0.2)
        else:
            return address
    raise SystemExit(f"The site did not answer at {address}")
