"""Python loads this first if its folder is on PYTHONPATH. It blocks and notes every connection to another machine.

Names are not looked up either. What is not Python's is not seen here: onnxruntime's own file tells of that.
"""

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any


def note(what: str) -> None:
    with Path(os.environ["TRIED"]).open("a") as file:
        file.write(f"{what}\n")
    raise OSError(f"a test forbids it: {what}")


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def check(address: Any) -> None:
    """Check the address given to a socket. A path is local."""
    host = address[0] if isinstance(address, tuple) else "localhost"
    if host != "localhost" and not (is_address(host) and ipaddress.ip_address(host).is_loopback):
        note(f"connect {address}")


class Guarded(socket.socket):
    def connect(self, address: Any) -> None:
        check(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        check(address)
        return super().connect_ex(address)

    def sendto(self, data: Any, *more: Any) -> int:
        check(more[-1])
        return super().sendto(data, *more)


look_up = socket.getaddrinfo


def guarded_look_up(host: Any, *more: Any, **named: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in (None, "", "localhost", socket.gethostname()) and not is_address(name):
        note(f"look up {name}")
    return look_up(host, *more, **named)


socket.socket = Guarded  # type: ignore[misc]
socket.getaddrinfo = guarded_look_up
