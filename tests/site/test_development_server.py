"""`runserver`'s reading of chunked bodies: whole, cut off, broken, without end."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from mnist_django.management.commands.runserver import join_chunks
from tests.support.drawings import SEVEN
from tests.support.sockets import TOO_LARGE, fetch_token, predict, send_raw

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
STARTED = re.compile(r"development server at http://127\.0\.0\.1:(\d+)/")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    variables = {"DEBUG": "true", "DATABASE": f"{tmp_path_factory.mktemp('development')}/db", "PYTHONUNBUFFERED": "1"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=os.environ | variables, check=True)
    command = [*manage, "runserver", "--noreload", "127.0.0.1:0"]
    output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | variables, **output) as server:
        assert server.stdout
        yield int(next(filter(None, map(STARTED.search, server.stdout)))[1])
        server.terminate()
        server.stdout.read()


def test_a_chunked_body_is_read_within_the_limit_and_refused_beyond(port):
    small, token = json.dumps({"strokes": SEVEN}).encode(), fetch_token(port)
    assert predict(port, token, iter([small[:9], small[9:]])).status == 200
    assert predict(port, token, iter([TOO_LARGE])).status == 413


@pytest.mark.parametrize("body", [b'10\r\n{"strok', b"junk\r\n"], ids=["in a chunk", "no chunk"])
def test_a_truncated_chunked_body_is_refused(port, body):
    assert send_raw(port, fetch_token(port), "Transfer-Encoding: chunked", body) == (400, ["error"])


def test_the_site_runs_its_own_development_server():
    assert get_commands()["runserver"] == "mnist_django"


@pytest.mark.parametrize(
    "body",
    [b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"5;name=value\r\nabcde\r\n0\r\nTrailer: 1\r\n\r\n"],
    ids=["two chunks", "extension and trailer"],
)
def test_chunks_are_put_together(body):
    assert join_chunks(BytesIO(body)) == (b"abcde", True)


@pytest.mark.parametrize(
    "body",
    [b"", b"3\r\nab", b"3\r\nabc\r\n", b"3\r\nabc\r\njunk\r\n", b"-3\r\nabc\r\n", b"\xff\r\nabc\r\n"],
    ids=["nothing", "in a chunk", "after a chunk", "text for a size", "negative size", "no ASCII"],
)
def test_chunks_that_break_off_are_not_whole(body):
    assert join_chunks(BytesIO(body))[1] is False


def test_no_more_is_read_than_the_most_that_is_wanted():
    stream = BytesIO(b"a\r\n0123456789\r\n" * 3 + b"0\r\n\r\n")
    assert join_chunks(stream, most=15) == (b"012345678901234", True)
    assert stream.tell() < 40
