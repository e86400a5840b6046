"""Measures by how much the largest pictures raise a worker's memory: `python -m benchmarks.memory`, two minutes.

Serves the site as in production with one worker, and sends it one picture after the other: as a body, as a file of a
form, and as base64 in JSON. Linux only: it reads and resets the peak in /proc.
"""

import base64
import http.client
import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from benchmarks import site
from benchmarks.asking import Site, open_site
from tests.support import costly_coded, costly_jpegs, costly_pngs, costly_scans
from tests.support.files import encode

PICTURES: dict[str, Callable[[], bytes]] = {
    **costly_pngs.READ,
    **costly_jpegs.READ,
    **costly_scans.OF_WEBP,
    **costly_coded.READ,
}
BOUNDARY = "a" * 40
HEAD = f"--{BOUNDARY}".encode() + b'\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'


def main() -> None:
    os.environ["WEB_CONCURRENCY"] = "1"
    with site.serve() as address:
        port = urlsplit(address).port
        assert port  # noqa: S101 — `serve` names one
        visited, worker = open_site(port), worker_of(port)
        for picture in (costly_pngs.small(), encode(Image.new("L", (1024, 1024)))):  # loads the model and its buffers
            ask(visited, *kinds_of_requests(picture)["body"])
        idle = resident(worker, "VmRSS")
        print(f"idle: {idle:.0f} MB; the peaks above it, MB")
        print(f"{'picture':52}{'MB':>6}{'body':>8}{'form':>8}{'JSON':>8}")
        for name, make in PICTURES.items():
            picture = make()
            peaks = [peak_of(worker, visited, *sent) - idle for sent in kinds_of_requests(picture).values()]
            print(f"{name:52}{len(picture) / 1e6:6.2f}" + "".join(f"{peak:8.0f}" for peak in peaks), flush=True)


def kinds_of_requests(picture: bytes) -> dict[str, tuple[str, bytes]]:
    """→ content type and body."""
    text = json.dumps({"image": base64.b64encode(picture).decode()})
    return {
        "body": ("image/png", picture),
        "form": ("multipart/form-data; boundary=" + BOUNDARY, HEAD + picture + f"\r\n--{BOUNDARY}--\r\n".encode()),
        "JSON": ("application/json", text.encode()),
    }


def peak_of(worker: int, visited: Site, kind: str, body: bytes) -> float:
    """Return the peak while a request is answered, MB."""
    Path(f"/proc/{worker}/clear_refs").write_text("5")
    ask(visited, kind, body)
    return resident(worker, "VmHWM")


def ask(visited: Site, kind: str, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", visited.port)
    connection.request("POST", "/predict/", body, visited.headers(kind))
    answer = connection.getresponse()
    if answer.status != 200:
        print(answer.status, answer.read().decode())
    connection.close()


def resident(worker: int, line: str) -> float:
    """line: VmRSS for now, VmHWM for the peak. → MB"""
    status = Path(f"/proc/{worker}/status").read_text()
    return next(int(text.split()[1]) for text in status.splitlines() if text.startswith(line)) * 1024 / 1e6


def worker_of(port: int) -> int:
    """Return the process that gunicorn started for this port: the youngest of its group that is not the first."""
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if f":{port:04X} 00000000" in line
    }
    holders = [int(pid.name) for pid in Path("/proc").iterdir() if pid.name.isdigit() and _holds(pid, inodes)]
    return max(holders)


def _holds(process: Path, inodes: set[str]) -> bool:
    try:
        return any(str(file.readlink())[8:-1] in inodes for file in (process / "fd").iterdir())  # socket:[number]
    except OSError:
        return False


if __name__ == "__main__":
    main()
