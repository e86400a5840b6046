"""Requests that are long, odd or ambiguous."""

import json
import re
import socket

import pytest

from tests.support.drawings import SEVEN
from tests.support.sockets import ask, fetch_token

pytestmark = pytest.mark.slow

DRAWING = json.dumps({"strokes": SEVEN}).encode()
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(DRAWING), DRAWING)
NEXT = b"GET /token/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture
def head(production):
    token = fetch_token(production.port)
    lines = ["POST /predict/ HTTP/1.1", "Host: 127.0.0.1", f"Cookie: csrftoken={token}", f"X-CSRFToken: {token}"]
    return "\r\n".join([*lines, "Content-Type: application/json\r\n"]).encode()


@pytest.fixture
def statuses(production):
    """Sends bytes; returns the statuses of all answers until the server closes the connection, which it must."""

    def send(data):
        with socket.create_connection(("127.0.0.1", production.port), timeout=30) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while piece := connection.recv(65_536):
                received += piece
        return [int(status) for status in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d+)", received)]

    return send


def test_a_head_request_gets_the_headers_of_its_page_and_no_body(production):
    answer = ask(production.port, "HEAD", "/")
    assert (answer.status, answer.content) == (200, b"") and "text/html" in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", CHUNKED),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"12345"),
        (b"Content-Length: +5\r\n", b"12345"),
        (b"Content-Length: 5, 5\r\n", b"12345"),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CHUNKED),
        (b"Transfer-Encoding : chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked, identity\r\n", CHUNKED),
        (b"Transfer-Encoding: xchunked\r\n", CHUNKED),
        (b"Host: elsewhere\r\nContent-Length: 5\r\n", b"12345"),
    ],
    ids=[
        "length and chunks",
        "chunks and length",
        "two lengths",
        "a sign",
        "a list of lengths",
        "chunks twice",
        "a blank before the colon",
        "chunks not last",
        "an unknown coding",
        "two hosts",
    ],
)
def test_an_ambiguous_request_is_refused_and_the_rest_is_not_read(statuses, head, lines, body):
    (status,) = statuses(head + lines + b"\r\n" + body + NEXT)
    assert status in (400, 501)


@pytest.mark.parametrize(
    "size",
    [b"-5", b"0x5", b"+5", b"5 5", b"f" * 20, b"", b"five", b"5" * 10_000],
    ids=["minus", "prefix", "plus", "two numbers", "endless", "nothing", "a word", "many digits"],
)
def test_an_invalid_chunk_size_is_refused_and_the_rest_is_not_read(statuses, head, size):
    (status,) = statuses(head + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\n12345\r\n0\r\n\r\n" + NEXT)
    assert status == 400


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: %d\r\n\r\n%s" % (len(DRAWING), DRAWING), b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED],
    ids=["length", "chunks"],
)
def test_pipelined_requests_are_answered_in_order(statuses, head, body):
    assert statuses((head + body) * 2 + NEXT) == [200, 200, 200]


def test_the_body_of_a_refused_request_is_not_taken_for_the_next_one(statuses):
    refused = b"POST /predict/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s" % (len(NEXT), NEXT)
    assert statuses(refused + NEXT) == [403, 200]


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /%s HTTP/1.1\r\n" % (b"a" * 10_000), 414),
        (b"GET / HTTP/1.1\r\nX-Long: %s\r\n" % (b"a" * 20_000), 431),
        (b"GET / HTTP/1.1\r\n%s" % b"".join(b"X-%d: a\r\n" % number for number in range(1_000)), 431),
        (b"GET / HTTP/1.1\r\nX-Endless: %s\r\n" % (b"a" * 2_000_000), 431),
        (b"GET / HTTP/1.1\r\nX-Folded: a\r\n b\r\n", 400),
        (b"GET / HTTP/9.9\r\n", 400),
        (b"GET /\r\n", 400),
        (b"GET / HTTP/1.1\nX-Bare: line feeds\n", 400),
    ],
    ids=[
        "long address",
        "long header",
        "many headers",
        "endless header",
        "folded header",
        "another version",
        "no version",
        "bare line feeds",
    ],
)
def test_a_head_that_is_too_long_or_malformed_is_refused(statuses, request_head, status):
    assert statuses(request_head + b"Host: 127.0.0.1\r\n\r\n") == [status]
