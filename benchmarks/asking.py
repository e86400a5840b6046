"""Measures prediction requests: answers a second, times, and requests without an answer."""

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
RATE_S = 2  # duration of a wrk run
VISITS, VISITS_HZ = 80, 20
PATIENCE_S = 4  # later answers count as failed

STROKES = ("application/json", json.dumps({"strokes": SEVEN, "size": SIZE}).encode())
_DISPOSITION = b'Content-Disposition: form-data; name="image"; filename="seven.png"'
PICTURE = ("multipart/form-data; boundary=x", b"--x\r\n" + _DISPOSITION + b"\r\n\r\n" + PNG + b"\r\n--x--\r\n")


@dataclass(frozen=True)
class Site:
    """A site on this machine, with the token from its page."""

    port: int
    token: str

    def headers(self, kind: str) -> dict[str, str]:
        return {"Cookie": f"csrftoken={self.token}", "X-CSRFToken": self.token, "Content-Type": kind}


def open_site(port: int) -> Site:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        return Site(port, re.findall(r"csrftoken=(\w+)", page.headers["Set-Cookie"])[0])


# Rate over four connections


def measure_rate(site: Site, sent: tuple[str, bytes]) -> float:
    """Return requests a second, by wrk. Raise `RuntimeError` if an answer is not 200."""
    kind, body = sent
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(lua_script(site.headers(kind), body))
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


def lua_script(headers: dict[str, str], body: bytes) -> str:
    lines = [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
    escaped = "".join(f"\\{byte:03}" for byte in body)
    return "\n".join(['wrk.method = "POST"', *lines, f'wrk.body = "{escaped}"'])


# Single requests at a steady rate, each on a new connection


@dataclass(frozen=True)
class Visits:
    times_ms: list[float]
    failed: int

    def __str__(self) -> str:
        if self.failed == len(self.times_ms):
            return "no answer"
        failed = f", {self.failed} of {len(self.times_ms)} without an answer" if self.failed else ""
        return f"{statistics.quantiles(self.times_ms, n=20)[-1]:.0f}{failed}"


def measure_visits(site: Site) -> Visits:
    """Send `VISITS` drawings at a steady rate, without waiting for earlier answers."""
    ends = asyncio.run(_visit_often(site))
    return Visits([seconds * 1000 for seconds, _ in ends], sum(not answered for _, answered in ends))


async def _visit_often(site: Site) -> list[tuple[float, bool]]:
    tasks = []
    for _ in range(VISITS):
        tasks.append(asyncio.create_task(_visit(site)))
        await asyncio.sleep(1 / VISITS_HZ)
    return await asyncio.gather(*tasks)


async def _visit(site: Site) -> tuple[float, bool]:
    """Return the seconds, and True if it was answered."""
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
    except OSError:  # among them TimeoutError
        pass
    return time.monotonic() - begun, answer.startswith(b"HTTP/1.1 200")


# Load while something happens to the server


@dataclass
class Load:
    """Four visitors on persistent connections. Each asks again as soon as it has its answer."""

    site: Site
    ends: list[tuple[float, float, bool]] = field(default_factory=list)  # moment, duration, answered or not
    stopped: threading.Event = field(default_factory=threading.Event)

    def keep_asking(self) -> None:
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


def disturb(site: Site, event: Callable[[], None], after_s: float) -> str:
    """Call `event` under load. Report how many requests failed, until when, and the slowest time."""
    load = Load(site)
    threads = [threading.Thread(target=load.keep_asking) for _ in range(CONNECTIONS)]
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
