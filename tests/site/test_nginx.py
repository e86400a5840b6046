"""The site behind nginx with docs/nginx.conf: valid, complete, and not blocked by slow visitors.

The site has one worker and two threads, so two slow visitors who got through would block it.
"""

import http.client
import json
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from digit_recognition.predict.body import MAX_FORM_BYTES
from mnist_django.throttle import MAX_TRIES
from tests.support.drawings import PNG, SEVEN
from tests.support.machine import IN_CI
from tests.support.production import serve
from tests.support.proxy import EXAMPLE, HOST, NGINX, run_proxy
from tests.support.sockets import TOO_LARGE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NGINX and not IN_CI, reason="nginx is not installed; `make nginx` installs it"),
]

DRAWING = json.dumps({"strokes": SEVEN})


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, collected):
    variables = {"ALLOWED_HOSTS": HOST, "HTTPS": "true", "PROXIES": "1"}
    folder = tmp_path_factory.mktemp("behind")
    with (
        serve(folder, collected, config="tests.support.hasty", **variables) as site,
        tempfile.TemporaryDirectory() as open_folder,
    ):
        Path(open_folder).chmod(0o755)
        with run_proxy(Path(open_folder), site.port) as proxy:
            yield proxy


def ask(proxy, method, path, body=None, source="127.0.0.1", **headers):
    connection = Connection(HOST, proxy.https, timeout=30, context=proxy.context(), source_address=(source, 0))
    connection.request(method, path, body, {"Host": HOST, **headers})
    answer: Any = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


class Connection(http.client.HTTPSConnection):
    """A connection to this machine, whatever the host name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._create_connection = lambda address, *others: socket.create_connection(("127.0.0.1", address[1]), *others)


def with_token(proxy, **headers):
    token = ask(proxy, "GET", "/").headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
    return {
        "Cookie": f"csrftoken={token}",
        "X-CSRFToken": token,
        "Origin": f"https://{HOST}",
        "Referer": f"https://{HOST}/",
        **headers,
    }


def predict(proxy, body, kind="application/json", **headers):
    return ask(proxy, "POST", "/predict/", body, **with_token(proxy), **{"Content-Type": kind}, **headers)


def test_a_drawing_and_a_picture_are_answered(proxy):
    form = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n' + PNG + b"\r\n--x--\r\n"
    assert predict(proxy, DRAWING).status == 200
    assert predict(proxy, form, "multipart/form-data; boundary=x").status == 200


def test_the_site_knows_that_it_is_reached_by_https(proxy):
    page = ask(proxy, "GET", "/")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in page.headers["Set-Cookie"]


def test_plain_http_redirects_to_https(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=30)
    connection.request("GET", "/model/?a=b", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/model/?a=b")
    connection.close()


def test_nginx_passes_compressed_answers_on_unchanged(proxy):
    assert ask(proxy, "GET", "/", **{"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert ask(proxy, "GET", "/").headers["Content-Encoding"] is None


def test_a_chunked_body_is_answered(proxy):
    assert predict(proxy, iter([DRAWING[:9].encode(), DRAWING[9:].encode()])).status == 200


def test_a_body_that_is_too_large_gets_the_sites_own_error(proxy):
    by_the_site = predict(proxy, TOO_LARGE)
    by_nginx = predict(proxy, b"x" * (MAX_FORM_BYTES + 1))
    assert by_the_site.status == by_nginx.status == 413
    assert json.loads(by_the_site.content) == json.loads(by_nginx.content)


def test_the_limit_of_nginx_is_that_of_the_site():
    assert EXAMPLE.read_text().count(f" {MAX_FORM_BYTES};") == 2


def test_no_body_lands_on_the_disk(proxy):
    for body in (TOO_LARGE, iter([TOO_LARGE])):
        assert predict(proxy, body).status == 413
    errors = (proxy.folder / "errors").read_text()
    assert "a client request body is buffered to a temporary file" not in errors


@pytest.mark.parametrize(
    "head",
    ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6", "Host: elsewhere"],
    ids=["length and chunks", "two lengths", "two hosts"],
)
def test_an_ambiguous_request_is_refused(proxy, head):
    with connect(proxy, f"POST /predict/ HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n\r\n0\r\n\r\n".encode()) as connection:
        assert b" 400 " in connection.recv(100)


def test_300_slow_or_silent_connections_do_not_block_others(proxy):
    with ExitStack() as stack:
        for sent in (
            b"",
            f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: x".encode(),
            f"POST /predict/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nx".encode(),
        ):
            for number in range(100):
                stack.enter_context(connect(proxy, sent, f"127.0.1.{1 + number % 50}"))
        assert predict(proxy, DRAWING).status == 200


def connect(proxy, sent, source="127.0.0.1"):
    plain = socket.create_connection(("127.0.0.1", proxy.https), timeout=30, source_address=(source, 0))
    connection = proxy.context().wrap_socket(plain, server_hostname=HOST)
    connection.sendall(sent)
    return connection


def test_logins_are_throttled_by_the_visitors_own_address(proxy):
    """All requests come from the address of nginx, and a visitor can claim any other."""
    fields = {"username": "somebody", "password": "wrong"}

    def log_in(source, claimed):
        headers = with_token(proxy, **{"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": claimed})
        return ask(proxy, "POST", "/admin/login/", urlencode(fields), source, **headers)

    answers = [log_in("127.0.0.2", f"192.0.2.{number}") for number in range(MAX_TRIES + 1)]
    assert [answer.status for answer in answers] == [200] * MAX_TRIES + [429]
    assert b"Try again in" in answers[-1].content
    assert log_in("127.0.0.3", "192.0.2.1").status == 200


def test_many_logins_from_an_address_are_refused_by_nginx(proxy):
    answers = [ask(proxy, "GET", "/admin/login/", source="127.0.0.4") for _ in range(15)]
    assert {answer.status for answer in answers} == {200, 429}
