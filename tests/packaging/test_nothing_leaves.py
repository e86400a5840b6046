"""Nothing leaves this machine unasked, and nothing is left in the home folder, as docs/privacy.md promises."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.bulk import SEVEN
from tests.support.files import encode

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).with_name("guard")
DIGITS = "from recognizer.cli.main import main; main()"
LIBRARY = """
import recognizer
reader = recognizer.load()
(seven,) = reader.predict_strokes([[[(60, 60), (200, 60), (120, 240)]]])
(again,) = reader.predict_pixels([seven.seen])
print(seven.digit, again.digit)
"""
SITE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mnist_django.settings")
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
client = Client(SERVER_NAME="localhost")
client.get("/")
answer = client.post("/predict/", {"strokes": [[[60, 60], [200, 60], [120, 240]]]}, "application/json")
print(answer.json()["digit"])
"""
PLOTS = """
import sys
from pathlib import Path
from recognizer.evaluation import plots
from recognizer.training import train
plots.plot_loss([{"number": 1, "train_loss": 1.0, "held_out_loss": 1.0}], Path(sys.argv[1]) / "loss.png")
"""
REACH = """
import socket, subprocess, sys
try:
    socket.create_connection((sys.argv[1], 9), 0.1)
except OSError:
    pass
"""
Ran = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def ran(home: Path, tmp_path: Path) -> Ran:
    """Run a program with this home folder and a guard in each of its Python processes; return its output."""

    def ran(program: str, *arguments: object, **variables: str) -> str:
        (tmp_path / "temporary").mkdir()
        environment = {
            "HOME": str(home),
            "TMPDIR": str(tmp_path / "temporary"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{GUARD}{os.pathsep}{ROOT}",
            "TRIED": str(tmp_path / "tried"),
            "DATABASE": str(tmp_path / "database"),
            "ORT_DISABLE_TELEMETRY": "0",  # somebody's mistake
            **variables,
        }
        command = [sys.executable, "-c", program, *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran


def attempts_in(folder: Path) -> list[str]:
    """Addresses of other machines that a process tried to reach."""
    file = folder / "tried"
    return file.read_text().splitlines() if file.exists() else []


def files_in(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(encode(SEVEN))
    return folder


@pytest.mark.parametrize(("program", "answers"), [(LIBRARY, "7 7\n"), (SITE, "7\n")], ids=["library", "site"])
def test_a_prediction_uses_no_network_and_writes_no_file(program, answers, ran, home, tmp_path):
    assert ran(program) == answers
    assert attempts_in(tmp_path) == files_in(home) == files_in(tmp_path / "temporary") == []


@pytest.mark.slow
def test_classifying_a_folder_uses_no_network_and_writes_only_the_rows(scans, ran, home, tmp_path):
    ran(DIGITS, "classify", scans, "--output", tmp_path / "rows.csv", "--jobs", 2)
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 4
    assert attempts_in(tmp_path) == files_in(home) == files_in(tmp_path / "temporary") == []


@pytest.mark.slow
def test_ray_on_this_machine_uses_no_network_and_leaves_the_home_folder_alone(scans, ran, home, tmp_path):
    more = ("--jobs", 1, "--engine", "ray")
    with TemporaryDirectory() as short:  # the names of sockets lie below it
        ran(DIGITS, "classify", scans, "--output", tmp_path / "rows.csv", *more, RAY_TMPDIR=short)
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 4
    assert attempts_in(tmp_path) == files_in(home) == []


@pytest.mark.slow
def test_training_leaves_matplotlibs_list_of_fonts_alone(ran, home, tmp_path):
    ran(PLOTS, tmp_path)
    assert (tmp_path / "loss.png").exists() and attempts_in(tmp_path) == []
    assert [Path(name).parent for name in files_in(home)] == [Path(".cache/matplotlib")]


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "digits.example"])
def test_the_guard_notes_connections_of_child_processes(host, ran, tmp_path):
    ran(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {REACH!r}, {host!r}], check=True)")
    (line,) = attempts_in(tmp_path)
    assert host in line
