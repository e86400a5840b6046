"""Slow visitors who hold connections open: `python -m benchmarks.visitors PORT KIND COUNT`.

Each has its own loopback address, and connects again when the server hangs up.
"""

import asyncio
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

AGAIN_S = 0.1
SETTLED_S = 2  # until all are connected


@dataclass(frozen=True)
class Habit:
    """start: sent at once. drip: sent each second."""

    start: bytes = b""
    drip: bytes = b""


HOST = b"Host: 127.0.0.1\r\n"
HABITS = {
    "silent": Habit(),
    "slow head": Habit(b"GET / HTTP/1.1\r\n" + HOST + b"X-Slow: ", b"x"),
    "lingering": Habit(b"GET /token/ HTTP/1.0\r\n" + HOST + b"\r\n"),
    "slow body": Habit(b"POST /predict/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n", b"x"),
}


@contextmanager
def hold_connections(port: int, kinds: list[tuple[str, int]]) -> Iterator[None]:
    """Run visitors during the context, as pairs of kind and count. Each kind has its own process."""
    with ExitStack() as stack:
        for kind, count in kinds:
            command = [sys.executable, "-m", "benchmarks.visitors", str(port), kind, str(count)]
            visitors = stack.enter_context(subprocess.Popen(command))  # noqa: S603 — our own command
            stack.callback(visitors.kill)
        time.sleep(SETTLED_S if kinds else 0)
        yield


def main() -> None:
    port, kind, count = sys.argv[1:]
    asyncio.run(hold_all(int(port), kind, int(count)))


async def hold_all(port: int, kind: str, count: int) -> None:
    habit = Habit(request_of_engine(port)) if kind == "unread" else HABITS[kind]
    await asyncio.gather(*(hold(port, habit, number) for number in range(count)))


def request_of_engine(port: int) -> bytes:
    """Return a request for the largest file, 2.3 MB with brotli."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        path = re.findall(rb"/parts/[0-9a-f]{64}/engine\.wasm", page.read())[0]
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"Accept-Encoding: br\r\n\r\n"


async def hold(port: int, habit: Habit, number: int) -> None:
    while True:
        with suppress(OSError):
            await visit(port, habit, f"127.0.{1 + number // 250}.{1 + number % 250}")
        await asyncio.sleep(AGAIN_S)


async def visit(port: int, habit: Habit, address: str) -> None:
    """Stay until the server hangs up. Read nothing that it sends."""
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        connection.bind((address, 0))
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(connection, habit.start)
        while not hung_up(connection):
            await asyncio.sleep(1)
            await loop.sock_sendall(connection, habit.drip)


def hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False


if __name__ == "__main__":
    main()
