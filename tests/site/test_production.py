"""The site as it is served: gunicorn, DEBUG off, hashed static files, real sockets."""

import json
import os
import re
import sqlite3
import time
from contextlib import closing
from html import unescape

import pytest

from tests.support.drawings import PNG, SEVEN, data_url
from tests.support.sockets import TOO_LARGE, ask, fetch_token, predict, send_raw

pytestmark = pytest.mark.slow


@pytest.fixture
def port(production):
    return production.port


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


def test_while_the_database_is_locked_a_process_uses_the_model_that_it_knows(production, token):
    drawing = json.dumps({"strokes": SEVEN})
    assert predict(production.port, token, drawing).status == 200
    with closing(sqlite3.connect(production.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(1.5)  # longer than a process remembers
        for answer in [predict(production.port, token, drawing) for _ in range(6)]:
            if answer.status != 200:  # the process that has not answered before
                assert answer.status == 503
                assert "can't read its list of models right now" in json.loads(answer.content)["error"]
        assert ask(production.port, "GET", "/").status == 200
    assert predict(production.port, token, drawing).status == 200


def test_without_a_token_nothing_is_answered(port):
    answer = ask(port, "POST", "/predict/", json.dumps({"strokes": SEVEN}), **{"Content-Type": "application/json"})
    assert answer.status == 403


def test_a_chunked_body_is_read_within_the_limit_and_refused_beyond(port, token):
    small = json.dumps({"strokes": SEVEN}).encode()
    assert predict(port, token, iter([small[:9], small[9:]])).status == 200
    assert predict(port, token, iter([TOO_LARGE])).status == 413


def test_a_declared_length_over_the_limit_is_refused_before_the_body_comes(port, token):
    assert send_raw(port, token, "Content-Length: 4000001", b"") == (413, ["error"])


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 1000", b'{"strokes"'),
        ("Transfer-Encoding: chunked", b'10\r\n{"strok'),
        ("Transfer-Encoding: chunked", b'10\r\n{"strokes": [[[1]]\r\n'),
        ("Transfer-Encoding: chunked", b"junk\r\n"),
    ],
    ids=["fewer bytes than promised", "in a chunk", "after a chunk", "no chunk"],
)
def test_a_truncated_body_is_refused(port, token, head, body):
    assert send_raw(port, token, head, body) == (400, ["error"])


@pytest.mark.parametrize(("taken", "packing"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_static_files_are_compressed_as_the_browser_accepts(port, taken, packing):
    page = ask(port, "GET", "/").content.decode()
    for file in re.findall(r'"(/static/[^"]+\.(?:css|js))"', page):
        assert ask(port, "GET", file, **{"Accept-Encoding": taken}).headers["Content-Encoding"] == packing


def test_the_page_is_compressed(port):
    assert ask(port, "GET", "/", **{"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


# What is the same for every release cannot have a hash: the page, and what it installs itself by.
UNHASHED = {"/", "/service-worker.js", "/manifest.webmanifest"}
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+(\.map)?$|^/parts/[0-9a-f]{64}/\w+\.(onnx|js|wasm)$")


def test_every_static_file_has_a_hashed_name_and_is_cached_forever(port):
    waiting, seen = {"/"}, set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = ask(port, "GET", path)
        assert answer.status == 200, path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if path not in UNHASHED:
            assert HASHED.search(path), path
            assert "immutable" in answer.headers["Cache-Control"]
        waiting |= references(path, answer.content.decode(errors="replace")) - seen
    for part in ("line", "engine", "engine.wasm", "strokes.onnx", "cleaner.onnx", "placer.onnx", "model.onnx"):
        assert any(part in path for path in seen), part
    assert seen >= UNHASHED
    assert {path.rsplit("/", 1)[-1].split(".")[0] for path in seen} >= {"start", "icon-192", "icon-maskable-512"}


def references(path, text):
    """Addresses that a page, manifest, service worker or module refers to."""
    whole = path in UNHASHED or path.startswith("/parts/")
    named = re.findall(r'"(/(?:static/|parts/|service|manifest)[^"]+)"', unescape(text)) if whole else []
    folder = path.rsplit("/", 1)[0]
    imported = re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text) if path.endswith(".js") else []
    return set(named) | {os.path.normpath(f"{folder}/{module}") for module in imported}
