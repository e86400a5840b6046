"""The site logs one line about a refused request, with nothing of its content."""

import re
import socket
from urllib.parse import urlencode

import pytest

from tests.support.production import serve
from tests.support.sockets import ask, fetch_token

pytestmark = pytest.mark.slow

SECRET = "s3cret-of-a-visitor"
LINE = r"[-\d]+ [:,\d]+ (ERROR|WARNING) django\.security\.{}: a request was refused\n"


@pytest.fixture(scope="module")
def in_debug(tmp_path_factory, collected):
    with serve(tmp_path_factory.mktemp("debug"), collected, DEBUG="true") as site:
        yield site


@pytest.fixture(params=["production", "in_debug"])
def site(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def written(site):
    """Lines written to the terminal since the test began, without gunicorn's messages about workers."""
    before = len(site.errors.read_text())
    return lambda: re.sub(r"\[.+\] \[INFO\] .*\n", "", site.errors.read_text()[before:])


def send(port, data):
    """Send bytes, and wait until the server hangs up, which it does after writing its line."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(data)
        return connection.recv(65_536)


@pytest.mark.parametrize("host", [f"{SECRET}.example", f"{SECRET}/;<b>"], ids=["another site's", "malformed"])
def test_a_bad_host_writes_one_log_line(site, written, host):
    assert ask(site.port, "GET", f"/{SECRET}/", Host=host).status == 400
    assert re.fullmatch(LINE.format("DisallowedHost"), written())


def test_a_bad_origin_writes_one_log_line(site, written):
    token = fetch_token(site.port)
    headers = {"Cookie": f"csrftoken={token}", "Origin": f"https://{SECRET}.example"}
    assert ask(site.port, "POST", f"/parts/{SECRET}/{SECRET}", SECRET, **headers).status == 403
    assert re.fullmatch(LINE.format("csrf"), written())


def test_too_many_fields_write_one_log_line(site, written):
    body = urlencode([(SECRET, SECRET)] * 2000)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={fetch_token(site.port)}"}
    assert ask(site.port, "POST", "/languages/setlang/", body, **headers).status == 400
    assert re.fullmatch(LINE.format("TooManyFieldsSent"), written())


@pytest.mark.parametrize(
    "junk",
    [f"{SECRET}\r\n\r\n", f"GET / HTTP/{SECRET}\r\n\r\n", f"GET / HTTP/1.1\r\n{SECRET} : 1\r\n\r\n"],
    ids=["no request line", "no version", "no header name"],
)
def test_bytes_that_are_not_http_write_one_log_line(site, written, junk):
    assert b" 400 " in send(site.port, junk.encode())
    assert re.fullmatch(r"\[.+\] \[WARNING\] A request that is not valid HTTP was refused\n", written())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_address_without_a_page_is_not_logged(site, written, method):
    ask(site.port, method, f"/{SECRET}/")
    assert SECRET not in written()


def test_a_head_request_is_not_logged(site, written):
    assert ask(site.port, "HEAD", "/").status == 200
    assert written() == ""
