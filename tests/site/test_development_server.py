"""Django's `runserver`, which cannot read chunked bodies: they are refused, and other bodies are read as usual."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.drawings import SEVEN
from tests.support.sockets import fetch_token, predict, send_raw

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
STARTED = re.compile(r"development server at http://127\.0\.0\.1:(\d+)/")
DRAWING = json.dumps({"strokes": SEVEN}).encode()


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


def test_a_body_with_a_content_length_is_read(port):
    assert predict(port, fetch_token(port), DRAWING).status == 200


def test_a_chunked_body_is_refused_and_the_error_asks_for_a_content_length(port):
    answer = predict(port, fetch_token(port), iter([DRAWING]))
    assert (answer.status, answer.headers["Content-Type"]) == (411, "application/json")
    assert "Content-Length" in json.loads(answer.content)["error"]


@pytest.mark.parametrize("body", [b'10\r\n{"strok', b"junk\r\n"], ids=["in a chunk", "no chunk"])
def test_a_truncated_chunked_body_is_refused(port, body):
    assert send_raw(port, fetch_token(port), "Transfer-Encoding: chunked", body) == (411, ["error"])


def test_a_body_cut_off_before_its_content_length_is_refused(port):
    assert send_raw(port, fetch_token(port), "Content-Length: 1000", b'{"strokes"') == (400, ["error"])
