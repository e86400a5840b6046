"""Whole and truncated requests to a server in another process, over real sockets."""

import http.client
import json
import socket
from typing import Any

TOO_LARGE = b"x" * 12_000_001


def fetch_token(port):
    """The cookie that the page sets, which is also the token."""
    return ask(port, "GET", "/").headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]


def ask(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers)
    answer: Any = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


def predict(port, token, body, kind="application/json", **headers):
    cookie = {"Cookie": f"csrftoken={token}", "X-CSRFToken": token, "Content-Type": kind}
    return ask(port, "POST", "/predict/", body, **cookie, **headers)


def send_raw(port, token, head, body):
    """Send only these bytes, shut down sending, and return the status of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        start = f"POST /predict/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        connection.sendall(f"{start}Content-Type: application/json\r\n{head}\r\n\r\n".encode() + body)
        if body:
            connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, list(json.loads(answer.read()))
