"""Sends nearly valid requests to the site and counts the answers: `python -m benchmarks.hostile`.

The site is served as in production, on loopback. A request depends only on the seed and its number, so it can be sent
again: `--seed 1 --only 1234`. Exits with 1 after a server error or a request without an answer, if a server process
ended, or if the log has a traceback.
"""

import argparse
import http.client
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from benchmarks import site
from benchmarks.mutants import make_request

CONNECTIONS = 4
PATIENCE_S = 30.0
WARM_UP = 200  # requests before the first memory measurement
SLOWEST = 5
TRACEBACK = b"Traceback (most recent call last)"
NO_ANSWER, HUNG_UP = "no answer", "hung up"
NO_SUCH_CODING = "501"  # required by RFC 9112 for an unknown Transfer-Encoding


@dataclass(frozen=True)
class Answer:
    """The outcome of a request. status: of HTTP, or `NO_ANSWER`, or `HUNG_UP`, which is fine if it was not HTTP."""

    number: int
    kind: str
    status: str
    seconds: float

    @property
    def is_fault(self) -> bool:
        return self.status == NO_ANSWER or (self.status.startswith("5") and self.status != NO_SUCH_CODING)


def main() -> None:
    options = parse_options()
    with TemporaryFile() as log, site.serve(log.fileno()) as address:
        port = urlsplit(address).port or 80
        if options.only is not None:
            print(send(options.seed, options.only, port, token_of(address)))
            return
        requests = send_all(options.seed, port, token_of(address))
        warm = list(islice(requests, WARM_UP))
        before = processes()
        started = time.monotonic()
        found = warm + list(islice(requests, options.requests - WARM_UP))
        seconds = time.monotonic() - started
        after = processes()
        log.seek(0)
        logged = log.read()
    print_report(found, seconds, before, after)
    print(f"log: {len(logged) / 1e6:.1f} MB, {logged.count(TRACEBACK)} tracebacks")
    if any(answer.is_fault for answer in found) or before.keys() != after.keys() or TRACEBACK in logged:
        sys.exit(1)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000, help="number of requests (20,000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random requests (1)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="send this one request and print its answer")
    return parser.parse_args()


def token_of(address: str) -> str:
    """Return the CSRF token of a page. Requests send it unless a mutation removes it."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("GET", "/")
    cookie = connection.getresponse().headers["Set-Cookie"]
    connection.close()
    return str(cookie).partition("csrftoken=")[2].partition(";")[0]


def send_all(seed: int, port: int, token: str) -> Iterator[Answer]:
    """Send requests 0, 1, 2, … without end, and yield their answers."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        start = 0
        while True:
            numbers = range(start, start := start + 100)
            yield from pool.map(lambda number: send(seed, number, port, token), numbers)


def send(seed: int, number: int, port: int, token: str) -> Answer:
    kind, data = make_request(Random(f"{seed} {number}"), token)  # noqa: S311 - nothing secret
    started = time.perf_counter()
    status = exchange(port, data)
    return Answer(number, kind, status, time.perf_counter() - started)


def exchange(port: int, data: bytes) -> str:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            with suppress(ConnectionError):  # the server may answer before it has read the whole request
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            answer.read()
            return str(answer.status)
    except TimeoutError:
        return NO_ANSWER
    except (OSError, http.client.HTTPException):
        return HUNG_UP


def processes() -> dict[int, int]:
    """Return the memory of each server process, in bytes. Shared memory is divided among its processes."""
    return {pid: memory_of(pid) for pid in descendants(os.getpid())}


def descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


def memory_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def print_report(found: Sequence[Answer], seconds: float, before: dict[int, int], after: dict[int, int]) -> None:
    print(f"{len(found):,} requests over {CONNECTIONS} connections, {len(found) / seconds:,.0f} a second\n")
    statuses = sorted({answer.status for answer in found})
    counts = Counter((answer.kind, answer.status) for answer in found)
    print(f"{'':14}" + "".join(f"{status:>11}" for status in statuses))
    for kind in sorted({answer.kind for answer in found}):
        print(f"{kind:14}" + "".join(f"{counts[kind, status]:11,}" for status in statuses))
    slowest = sorted(found, key=lambda answer: answer.seconds, reverse=True)[:SLOWEST]
    described = ", ".join(f"{1000 * answer.seconds:.0f} ms ({answer.kind} {answer.number})" for answer in slowest)
    print(f"\nslowest answers: {described}")
    ended = len(before.keys() - after.keys())
    print(f"server: {len(before)} processes, {ended} ended; {memory(before)} before, {memory(after)} after")
    for answer in filter(lambda answer: answer.is_fault, found):
        print(f"fault: {answer}")


def memory(held: dict[int, int]) -> str:
    return f"{sum(held.values()) / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
