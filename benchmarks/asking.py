"""Visitors who ask for predictions: how many are answered a second, how soon, and how many not at all."""

import asyncio
import http.client
import json
import re
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.drawings import PNG, SEVEN, SIZE

CONNECTIONS = 4
RATE_S = 2  # how long wrk asks
VISITS, VISITS_HZ = 80, 20
PATIENCE_S = 4  # after which a visitor has had no answer

STROKES = ("application/json", json.dumps({"strokes": SEVEN, "size": SIZE}).encode())
_DISPOSITION = b'Content-Disposition: form-data; name="image"; filename="seven.png"'
PICTURE = ("multipart/form-data; boundary=x", b"--x\r\n" + _DISPOSITION + b"\r\n\r\n" + PNG + b"\r\n--x--\r\n")


@dataclass(frozen=True)
class Site:
    """A site on this machine, and the token that its page gave."""

    port: int
    token: str

    def headers(self, kind: str) -> dict[str, str]:
        return {"Cookie": f"csrftoken={self.token}", "X-CSRFToken": self.token, "Content-Type": kind}


def opened(port: int) -> Site:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        return Site(port, re.findall(r"csrftoken=(\w+)", page.headers["Set-Cookie"])[0])


# As many as four connections get


def per_second(site: Site, sent: tuple[str, bytes]) -> float:
    """By wrk; raises `RuntimeError` where an answer is not 200."""
    kind, body = sent
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(lua(site.headers(kind), body))
        script.flush()
        options = [
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{RATE_S}s",
            "-s",
            script.name,
            f"http://127.0.0.1:{site.port}/predict/",
        ]
        printed = subprocess.run(["wrk", *options], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607
    if "Non-2xx" in printed:
        raise RuntimeError(printed)
    return float(re.findall(r"Requests/sec: +([\d.]+)", printed)[0])


def lua(headers: dict[str, str], body: bytes) -> str:
    lines = [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
    escaped = "".join(f"\\{byte:03}" for byte in body)
    return "\n".join(['wrk.method = "POST"', *lines, f'wrk.body = "{escaped}"'])


# One after another, each a new visitor


@dataclass(frozen=True)
class Visits:
    times_ms: list[float]
    failed: int

    def __str__(self) -> str:
        if self.failed == len(self.times_ms):
            return "no answer"
        failed = f", {self.failed} of {len(self.times_ms)} without an answer" if self.failed else ""
        return f"{statistics.quantiles(self.times_ms, n=20)[-1]:.0f}{failed}"


def visits(site: Site) -> Visits:
    """`VISITS` drawings at a steady rate, whether or not the earlier ones have been answered."""
    ends = asyncio.run(_visits(site))
    return Visits([seconds * 1000 for seconds, _ in ends], sum(not answered for _, answered in ends))


async def _visits(site: Site) -> list[tuple[float, bool]]:
    tasks = []
    for _ in range(VISITS):
        tasks.append(asyncio.create_task(_visit(site)))
        await asyncio.sleep(1 / VISITS_HZ)
    return await asyncio.gather(*tasks)


async def _visit(site: Site) -> tuple[float, bool]:
    """Seconds, and whether it was answered."""
    kind, body = STROKES
    lines = [f"{name}: {value}" for name, value in site.headers(kind).items()]
    head = "\r\n".join(["POST /predict/ HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines])
    begun = time.monotonic()
    answer = b""
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
            writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.read()
            writer.close()
    except OSError:  # a timeout is one, too
        pass
    return time.monotonic() - begun, answer.startswith(b"HTTP/1.1 200")


# While something happens to the server


@dataclass
class Load:
    """Four visitors on kept connections, each asking anew as soon as it has its answer."""

    site: Site
    ends: list[tuple[float, float, bool]] = field(default_factory=list)  # when, how long it took, whether answered
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask_on(self) -> None:
        kind, body = STROKES
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        while not self.stopped.is_set():
            begun = time.monotonic()
            try:
                connection.request("POST", "/predict/", body, self.site.headers(kind))
                answer = connection.getresponse()
                answer.read()
                answered = answer.status == 200
            except (OSError, http.client.HTTPException):
                connection.close()
                answered = False
            self.ends.append((time.monotonic(), time.monotonic() - begun, answered))
        connection.close()


def disturbed(site: Site, event: Callable[[], None], after_s: float) -> str:
    """How many requests failed, until when, and how long the slowest took."""
    load = Load(site)
    threads = [threading.Thread(target=load.ask_on) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    happened = time.monotonic()
    event()
    time.sleep(after_s)
    load.stopped.set()
    for thread in threads:
        thread.join()
    failures = [moment - happened for moment, _, answered in load.ends if not answered]
    slowest = max(seconds for _, seconds, _ in load.ends)
    until = f", the last after {max(failures):.1f} s" if failures else ""
    return f"{len(failures)} of {len(load.ends):,}{until}; slowest {slowest:.1f} s"
