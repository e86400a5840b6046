"""Serves the site as in production during a benchmark: gunicorn on a free port, DEBUG off, hashed files.

Its database, static files and key are temporary.
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
def serve(log: int | None = None) -> Iterator[str]:
    """Yield the site's address when it answers. log: a file descriptor for the server's log, else the terminal."""
    with prepare() as environment:
        place = f"127.0.0.1:{free_port()}"
        server = start(place, environment, log)
        try:
            yield wait_until_answering(f"http://{place}/", server)
        finally:
            server.terminate()
            server.wait()


@contextmanager
def prepare() -> Iterator[dict[str, str]]:
    """Create the database and the static files. Yield the site's environment variables."""
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


def start(place: str, environment: dict[str, str], log: int | None = None) -> "subprocess.Popen[bytes]":
    options = ["--config", "python:mnist_django.serving", "--log-level", "warning", "--bind", place]
    command = [sys.executable, "-m", "gunicorn", *options, "mnist_django.wsgi"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 — our own commands


def wait_until_answering(address: str, server: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 — the address of this site
        except OSError:
            time.sleep(0.2)
        else:
            return address
    raise SystemExit(f"The site did not answer at {address}")
