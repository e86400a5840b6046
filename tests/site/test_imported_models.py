"""Imported models on the served site: both workers follow a change, and a killed import leaves no trace."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support import networks
from tests.support.drawings import SEVEN
from tests.support.production import ROOT, Site, serve
from tests.support.sockets import fetch_token, predict

pytestmark = pytest.mark.slow
FOLLOWS_WITHIN_S = 5
DRAWING = json.dumps({"strokes": SEVEN})


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    return tmp_path_factory.mktemp("imported")


@pytest.fixture(scope="module")
def site(tmp_path_factory, collected, imported):
    with serve(tmp_path_factory.mktemp("site"), collected, IMPORTED=str(imported)) as site:
        yield site


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    model = networks.onnx_network((1, 1, 28, 28), parameters=networks.adapted(255.0))
    return networks.save(model, tmp_path_factory.mktemp("network") / "lesson.onnx")


def environment(site: Site, imported: Path) -> dict[str, str]:
    overrides = {"DATABASE": str(site.database), "IMPORTED": str(imported), "SECRET_KEY": "k" * 40, "DEBUG": "false"}
    return {name: value for name, value in os.environ.items() if name != "DIGITS_DATA"} | overrides


def manage(site: Site, imported: Path, *arguments: object) -> str:
    command = [sys.executable, "manage.py", *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, env=environment(site, imported), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def rows(site: Site) -> list[tuple]:
    with closing(sqlite3.connect(site.database)) as database:
        return database.execute("SELECT name, active FROM digit_recognition_digitmodel ORDER BY name").fetchall()


class Visitors:
    """Send requests without a pause. answers: the time, the status and the model of each answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: list[tuple[float, int, str]] = []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def __enter__(self) -> "Visitors":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _ask(self) -> None:
        token = fetch_token(self.port)
        while not self.ended.is_set():
            answer = predict(self.port, token, DRAWING)
            model = json.loads(answer.content).get("model", "")
            self.answers.append((time.monotonic(), answer.status, model))

    def models_since(self, moment: float) -> set[str]:
        return {model for time_s, _, model in self.answers if time_s >= moment}


def test_all_processes_follow_a_change_without_a_failed_request(site, imported, file):
    output = manage(site, imported, "import_model", file)
    assert "It expects light ink on black, 0 to 255" in output and "lesson is a candidate" in output
    [(shipped, _)] = [row for row in rows(site) if row[1]]
    with Visitors(site.port) as visitors:
        time.sleep(2)
        manage(site, imported, "activate_model", "lesson")
        changed = time.monotonic()
        time.sleep(FOLLOWS_WITHIN_S + 2)
        manage(site, imported, "activate_model", "--previous")
        back = time.monotonic()
        time.sleep(FOLLOWS_WITHIN_S + 2)
    assert {status for _, status, _ in visitors.answers} == {200}
    assert visitors.models_since(0) == {shipped, "lesson"}
    between = {model for moment, _, model in visitors.answers if changed + FOLLOWS_WITHIN_S <= moment < back - 1}
    assert between <= {"lesson", shipped} and "lesson" in between
    assert visitors.models_since(back + FOLLOWS_WITHIN_S) == {shipped}
    settled = {model for moment, _, model in visitors.answers if changed + FOLLOWS_WITHIN_S <= moment < changed + 6.5}
    assert settled == {"lesson"}


@pytest.mark.parametrize("after_s", [0.3, 2, 5, 8])
def test_an_import_that_is_killed_leaves_registry_and_folders_as_they_were(site, imported, file, after_s):
    before = rows(site), sorted(path.name for path in imported.iterdir())
    name = f"killed_{int(after_s * 10)}"
    command = [sys.executable, "manage.py", "import_model", str(file), "--name", name]
    program = subprocess.Popen(command, cwd=ROOT, env=environment(site, imported), stdout=subprocess.DEVNULL)
    time.sleep(after_s)
    program.send_signal(signal.SIGKILL)
    finished = program.wait() == 0
    time.sleep(1)
    assert finished or (rows(site), sorted(path.name for path in imported.iterdir())) == before
    assert not any("recognizer.importing.child" in command and name in command for command in running_commands())


def running_commands() -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(process.read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
