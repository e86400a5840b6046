"""Visitors who hold connections do not block others. A dying worker loses only its current requests."""

import http.client
import json
import os
import re
import signal
import socket
from contextlib import ExitStack

import pytest

from tests.support.drawings import SEVEN
from tests.support.production import serve
from tests.support.sockets import ask, fetch_token, predict

pytestmark = pytest.mark.slow

HOST = b"Host: 127.0.0.1\r\n"
SLOW_HEAD = b"GET / HTTP/1.1\r\n" + HOST + b"X-Slow: x"
SLOW_BODY = b"POST /predict/ HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n{"
WHOLE = b"GET /token/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"


@pytest.fixture
def visit(production):
    """Opens connections, sends these bytes on each, and holds them until the test ends."""
    with ExitStack() as stack:
        yield lambda count, sent, port=production.port: [stack.enter_context(connect(port, sent)) for _ in range(count)]


@pytest.fixture(scope="module")
def hasty(tmp_path_factory, collected):
    with serve(tmp_path_factory.mktemp("hasty"), collected, config="tests.support.hasty") as site:
        yield site


def connect(port, sent):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(sent)
    return connection


def assert_answers(port):
    assert predict(port, fetch_token(port), json.dumps({"strokes": SEVEN})).status == 200


def both_workers(site):
    """Wait until there are two."""
    while len(site.workers()) < 2:
        assert_answers(site.port)
    return site.workers()


def test_200_slow_and_50_silent_visitors_do_not_block_others(production, visit):
    visit(50, b"")
    visit(100, SLOW_HEAD)
    visit(100, SLOW_BODY)
    assert_answers(production.port)


def test_visitors_who_never_close_do_not_block_others(production, visit):
    """By default, gunicorn waits two seconds for each of them, in the accepting thread."""
    visit(100, WHOLE)
    assert_answers(production.port)


def test_visitors_who_read_nothing_do_not_block_others(production, visit):
    page = ask(production.port, "GET", "/").content.decode()
    engine = re.findall(r"/parts/[0-9a-f]{64}/engine\.wasm", page)[0]
    visit(50, f"GET {engine} HTTP/1.1\r\n".encode() + HOST + b"Accept-Encoding: br\r\n\r\n")
    assert_answers(production.port)


@pytest.mark.parametrize("sent", [SLOW_HEAD, SLOW_BODY], ids=["head", "body"])
def test_a_request_that_never_ends_frees_its_thread(hasty, visit, sent):
    """Six slow visitors would hold more than the two threads. The site gives them up and answers."""
    visit(6, sent, hasty.port)
    assert_answers(hasty.port)


def test_an_answer_that_is_never_read_frees_its_thread(hasty, visit):
    page = ask(hasty.port, "GET", "/").content.decode()
    engine = re.findall(r"/parts/[0-9a-f]{64}/engine\.wasm", page)[0]
    asked = f"GET {engine} HTTP/1.1\r\n".encode() + HOST + b"\r\n"  # 14 MB, more than the system buffers
    visit(6, asked, hasty.port)
    assert_answers(hasty.port)


def test_a_body_that_comes_too_slowly_is_refused_as_truncated(hasty):
    token = fetch_token(hasty.port)
    head = f"POST /predict/ HTTP/1.1\r\nCookie: csrftoken={token}\r\nX-CSRFToken: {token}\r\nContent-Length: 9\r\n"
    with connect(hasty.port, head.encode() + HOST + b"\r\n{") as connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 400 and b"ended early" in answer.read()


def test_a_connection_is_kept_for_the_next_request(production):
    connection = http.client.HTTPConnection("127.0.0.1", production.port, timeout=30)
    connection.request("GET", "/token/")
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/token/")
    assert connection.getresponse().status == 200
    assert first is not None and connection.sock is first
    connection.close()


def test_a_killed_worker_loses_no_other_request_and_is_replaced(production):
    killed, other = both_workers(production)
    os.kill(killed, signal.SIGKILL)
    for _ in range(20):
        assert_answers(production.port)
    assert other in both_workers(production) and killed not in production.workers()


def test_a_restart_loses_no_request(production):
    before = set(both_workers(production))
    os.kill(production.server, signal.SIGHUP)
    while before & set(production.workers()):
        assert_answers(production.port)
    both_workers(production)


def test_slow_visitors_do_not_hold_up_a_restart(tmp_path, collected, visit):
    """At its own timeout, gunicorn would kill a worker whose threads still wait, and log it."""
    limits = {"GUNICORN_CMD_ARGS": "--graceful-timeout 4 --timeout 12"}
    with serve(tmp_path / "stopping", collected, **limits) as site:
        before = set(both_workers(site))
        visit(20, SLOW_BODY, site.port)
        os.kill(site.server, signal.SIGHUP)
        while before & set(site.workers()):
            assert_answers(site.port)
        assert "WORKER TIMEOUT" not in site.errors.read_text()
