"""Compares servers for this site: `python -m benchmarks.servers [NAME …]`, nine minutes at most for all.

Needs wrk, and for some servers nginx (`apt-get install wrk nginx-light`; no service needs to run) and granian (`pip
install granian`). Everything runs on loopback and in a temporary folder, and stops at the end.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.asking import PICTURE, STROKES, Site, disturb, measure_rate, measure_visits, open_site
from benchmarks.page import load_average, processor
from benchmarks.site import ROOT, free_port, prepare, wait_until_answering
from benchmarks.visitors import hold_connections
from tests.support.proxy import EXAMPLE, MAIN, NGINX

KILL_S, RESTART_S = 4, 9  # seconds of load after the kill or restart
GRANIAN = ["granian", "--interface", "wsgi", "--http", "1", "--workers", "2", "--blocking-threads", "256"]
GRANIAN += ["--respawn-failed-workers", "--http1-header-read-timeout", "10000"]
OURS = ["gunicorn", "--config", "python:mnist_django.serving"]
GTHREAD = ["gunicorn", "--no-control-socket", "--workers", "2", "--worker-class", "gthread", "--threads", "256"]


@dataclass(frozen=True)
class Server:
    options: list[str]  # after `python -m`, without address and application
    behind_nginx: bool = False

    def command(self, port: int) -> list[str]:
        if self.options[0] == "granian":
            place = ["--host", "127.0.0.1", "--port", str(port), "mnist_django.wsgi:application"]
        else:
            place = ["--bind", f"127.0.0.1:{port}", "mnist_django.wsgi"]
        return [sys.executable, "-m", *self.options, "--log-level", "critical", *place]


SERVERS = {
    "sync": Server(["gunicorn", "--no-control-socket", "--workers", "2"]),
    "gthread": Server(GTHREAD),
    "ours": Server(OURS),
    "granian": Server(GRANIAN),
    "nginx+ours": Server(OURS, behind_nginx=True),
    "nginx+granian": Server(GRANIAN, behind_nginx=True),
}
HELD = {
    "nobody else": [],
    "2 silent": [("silent", 2)],
    "50 silent": [("silent", 50)],
    "200 slow heads": [("slow head", 200)],
    "200 slow bodies": [("slow body", 200)],
    "200 slow, half heads, and 50 silent": [("slow head", 100), ("slow body", 100), ("silent", 50)],
    "50 who never close": [("lingering", 50)],
    "50 who do not read 2.3 MB": [("unread", 50)],
}
ROUNDS = 5


@dataclass(frozen=True)
class Running:
    site: Site
    server: int  # the process that starts workers
    processes: list[int]  # all started processes, nginx included


class Table:
    """Figures by measure and server. `note` prints each figure at once, too."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = {}

    def note(self, server: str, measure: str, figure: str | float) -> None:
        text = figure if isinstance(figure, str) else f"{figure:.0f}"
        self.rows.setdefault(measure, {})[server] = text
        print(f"{server}: {measure}: {text}", file=sys.stderr)

    def print(self, names: list[str]) -> None:
        print("| |", " | ".join(names), "|")
        print("|---|" + "---|" * len(names))
        for measure, figures in self.rows.items():
            print(f"| {measure} |", " | ".join(figures[name] for name in names), "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*SERVERS, []], metavar="NAME", help=", ".join(SERVERS))
    names = parser.parse_args().names or [name for name, server in SERVERS.items() if runs_here(name, server)]
    print(f"{processor()}, {os.cpu_count()} cores, load average before: {load_average()}")
    table = Table()
    with prepare() as environment, ExitStack() as stack:
        servers = {name: stack.enter_context(run_server(SERVERS[name], environment)) for name in names}
        note_rates(servers, table)
        for name, server in servers.items():
            note_slow_visitors(name, server, table)
            note_failures(name, server, table)
    table.print(names)
    print(f"load average after: {load_average()}")


def runs_here(name: str, server: Server) -> bool:
    missing = [tool for tool, there in tools(server).items() if not there]
    if missing:
        print(f"{name} is left out: {', '.join(missing)} is missing", file=sys.stderr)
    return not missing


def tools(server: Server) -> dict[str, bool]:
    program = server.options[0]
    wanted = {"wrk": bool(shutil.which("wrk")), program: bool(find_spec(program))}
    return wanted | ({"nginx": bool(NGINX)} if server.behind_nginx else {})


def note_rates(servers: dict[str, Running], table: Table) -> None:
    """Take the best of `ROUNDS`. Servers take turns, so that other load on the machine affects them alike."""
    for measure, sent in {"strokes a second": STROKES, "PNGs a second": PICTURE}.items():
        best = dict.fromkeys(servers, 0.0)
        for _ in range(ROUNDS):
            for name, server in servers.items():
                best[name] = max(best[name], measure_rate(server.site, sent))
        for name, rate in best.items():
            table.note(name, measure, rate)


def note_slow_visitors(name: str, server: Running, table: Table) -> None:
    most_mb = memory_mb(server.processes)
    table.note(name, "memory, MB", most_mb)
    for held, kinds in HELD.items():
        with hold_connections(server.site.port, kinds):
            table.note(name, f"95th percentile, ms: {held}", str(measure_visits(server.site)))
            most_mb = max(most_mb, memory_mb(server.processes))
    table.note(name, "most memory meanwhile, MB", most_mb)


def note_failures(name: str, server: Running, table: Table) -> None:
    def kill() -> None:
        os.kill(worker(server.server), signal.SIGKILL)

    def restart() -> None:
        os.kill(server.server, signal.SIGHUP)

    table.note(name, "failed: a worker is killed", disturb(server.site, kill, KILL_S))
    table.note(name, "failed: graceful restart", disturb(server.site, restart, RESTART_S))


@contextmanager
def run_server(server: Server, environment: dict[str, str]) -> Iterator[Running]:
    with ExitStack() as stack:
        port = free_port()
        started = stack.enter_context(run_process(server.command(port), environment))
        wait_until_answering(f"http://127.0.0.1:{port}/", started)
        processes = [started.pid]
        if server.behind_nginx:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            site_port, port = port, free_port()
            nginx = stack.enter_context(run_process(nginx_command(folder, port, site_port), environment))
            wait_until_answering(f"http://127.0.0.1:{port}/", nginx)
            processes.append(nginx.pid)
        yield Running(open_site(port), started.pid, processes)


@contextmanager
def run_process(command: list[str], environment: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(command, cwd=ROOT, env=environment) as started:  # noqa: S603 — our own commands
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(15)
            except subprocess.TimeoutExpired:
                started.kill()


def nginx_command(folder: Path, port: int, site_port: int) -> list[str]:
    """Start nginx with the example configuration without HTTPS, whose cost is not measured."""
    folder.chmod(0o755)  # nginx, started as root, works as another user
    whole = EXAMPLE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{site_port}")
    plain = re.sub(r"server \{\s+listen 80;.*?\}\n", "", whole, flags=re.DOTALL)
    plain = re.sub(r"\n +ssl_.*", "", plain).replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    (folder / "site.conf").write_text(plain)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    return [str(NGINX), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/errors"]


def worker(server: int) -> int:
    """Return a worker process, not granian's resource tracker."""
    return next(pid for pid in children(server) if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes())


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def memory_mb(processes: list[int]) -> float:
    """Return the memory of these processes and their descendants. Shared memory is counted once."""
    whole, waiting = 0, list(processes)
    while waiting:
        process = waiting.pop()
        waiting += children(process)
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        whole += int(re.findall(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)[0])
    return whole / 1024


if __name__ == "__main__":
    main()
