"""The site as it is served: gunicorn, DEBUG off, hashed static files, real sockets."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.web.drawings import PNG, SEVEN, data_url
from tests.web.sockets import TOO_LARGE, ask, fetch_token, predict, raw

ROOT = Path(__file__).parents[2]
LISTENING = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Two workers on a free port, with a database and static files of their own."""
    folder = tmp_path_factory.mktemp("production")
    variables = {
        "DEBUG": "false",
        "SECRET_KEY": "k" * 40,
        "DATABASE": f"{folder}/db",
        "STATIC_ROOT": f"{folder}/static",
    }
    settings: dict[str, Any] = {"cwd": ROOT, "env": os.environ | variables, "text": True}
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], check=True, **settings)
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "mnist_django.wsgi"]
    with subprocess.Popen([*gunicorn, "--no-control-socket"], stderr=subprocess.PIPE, **settings) as server:
        assert server.stderr
        yield int(next(filter(None, map(LISTENING.search, server.stderr)))[1])
        server.terminate()
        server.stderr.read()


@pytest.fixture
def token(port):
    return fetch_token(port)


def test_a_drawing_and_a_picture_are_answered(port, token):
    for answer in (
        predict(port, token, json.dumps({"strokes": SEVEN})),
        predict(port, token, "image=" + data_url(PNG), "application/x-www-form-urlencoded"),
    ):
        assert answer.status == 200
        assert set(json.loads(answer.content)) == {"digit", "confidence", "probabilities", "reason", "model"}


def test_without_a_token_nothing_is_answered(port):
    answer = ask(port, "POST", "/predict/", json.dumps({"strokes": SEVEN}), **{"Content-Type": "application/json"})
    assert answer.status == 403


def test_a_chunked_body_is_read_within_the_limit_and_refused_beyond(port, token):
    small = json.dumps({"strokes": SEVEN}).encode()
    assert predict(port, token, iter([small[:9], small[9:]])).status == 200
    assert predict(port, token, iter([TOO_LARGE])).status == 413


def test_a_declared_length_over_the_limit_is_refused_before_the_body_comes(port, token):
    assert raw(port, token, "Content-Length: 4000001", b"") == (413, ["error"])


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 1000", b'{"strokes"'),
        ("Transfer-Encoding: chunked", b'10\r\n{"strok'),
        ("Transfer-Encoding: chunked", b'10\r\n{"strokes": [[[1]]\r\n'),
        ("Transfer-Encoding: chunked", b"junk\r\n"),
    ],
)
def test_a_body_cut_off_midway_is_refused(port, token, head, body):
    assert raw(port, token, head, body) == (400, ["error"])


def test_every_file_is_found_under_its_hashed_name_and_kept_for_ever(port):
    waiting, seen = {"/"}, set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = ask(port, "GET", path)
        assert answer.status == 200, path
        if path != "/":
            assert re.search(r"\.[0-9a-f]{12}\.\w+(\.map)?$|^/parts/[0-9a-f]{64}/\w+\.onnx$", path), path
            assert "immutable" in answer.headers["Cache-Control"]
        waiting |= references(path, answer.content.decode(errors="replace")) - seen
    for part in ("signature_pad", "engine", "ort-wasm-simd-threaded", "strokes.onnx", "pixels.onnx", "model.onnx"):
        assert any(part in path for path in seen), part


def references(path, text):
    """What a page or a module asks for next."""
    named = set(re.findall(r'"(/(?:static|parts)/[^"]+)"', unescape(text))) if path == "/" else set()
    folder = path.rsplit("/", 1)[0]
    imported = re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text) if path.endswith(".js") else []
    return named | {os.path.normpath(f"{folder}/{module}") for module in imported}
