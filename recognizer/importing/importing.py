"""Imports a network: a child process opens the file, and the finished model folder is put in place as a whole."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from recognizer.card import ModelCard
from recognizer.errors import UnusableFile, how_to_install
from recognizer.importing.limits import CONVERT_S, MEASURE_S

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
PATIENCE_S = 3 * CONVERT_S + MEASURE_S  # on the wall, for a process that waits for something
UNFINISHED = ".unfinished-"  # how the names of folders begin that are being put in place


def check_name(name: str) -> str:
    """The name of a model, which becomes its folder's. Raises `UnusableFile`."""
    if not NAME.fullmatch(name) or ".." in name:
        raise UnusableFile(
            f"{name!r} cannot be the name of a model. Use up to 100 letters, digits, hyphens, dots and underscores: "
            "--name my_model"
        )
    return name


def import_model(file: Path, target: Path, say: Callable[[str], object]) -> ModelCard:
    """The network in `file` as the model folder `target`, whose last part is the model's name.

    say: takes lines for people as it goes on. Raises `UnusableFile`, and leaves nothing behind then.
    """
    if sys.platform == "win32":
        raise UnusableFile("Models can be imported on Linux and macOS only. The finished folder works everywhere.")
    name = check_name(target.name)
    if target.exists():
        raise UnusableFile(f"{target} exists already. Choose another name.")
    if not file.is_file():
        raise UnusableFile(f"{file} is not a file." if file.exists() else f"{file} does not exist.")
    with TemporaryDirectory(prefix="digits-import-") as temporary:
        made = Path(temporary, name)
        made.mkdir()
        _run(file.resolve(), made, name, say)
        card = ModelCard.read(made)
        put_in_place(made, target)
    return card


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def put_in_place(made: Path, target: Path) -> None:
    """A copy of the folder under its own name, all of it or nothing. Raises `UnusableFile`."""
    unfinished = target.with_name(f"{UNFINISHED}{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)  # of an import that was killed
        shutil.copytree(made, unfinished)
        for file in unfinished.iterdir():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise UnusableFile(f"The model cannot be put into {target}: {error.strerror or error}.") from error


def _run(file: Path, made: Path, name: str, say: Callable[[str], object]) -> None:
    environment = os.environ | {"HOME": str(made.parent), "KERAS_HOME": str(made.parent), "KERAS_BACKEND": "torch"}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(made.parent)}
    command = [sys.executable, "-m", "recognizer.importing.child", str(file), str(made), name]
    refused = ""
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        timer = Timer(PATIENCE_S, child.kill)
        timer.start()
        try:
            assert child.stdout and child.stderr  # noqa: S101 - they are pipes
            for line in child.stdout:
                told = _parse(line)
                refused = told.get("refused", refused)
                if "say" in told:
                    say(told["say"])
            complaints = child.stderr.read()
            code = child.wait()
        finally:
            timer.cancel()
            child.kill()
    if refused or code:
        raise UnusableFile(refused or _why(file, code, complaints))


def _parse(line: str) -> dict[str, str]:
    """A line of the child's, or nothing where a library printed something of its own."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _why(file: Path, code: int, complaints: str) -> str:
    if code == -signal.SIGXCPU:
        return f"{file.name} takes more than {CONVERT_S} s of processor time. It is too large, or it does not end."
    if code in (-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        return f"{file.name} needs more time or memory than an import may take, or it makes a parser crash."
    if missing := re.search(r"No module named '([\w.]+)'", complaints):
        return f"The package {missing[1]} is missing. {how_to_install('train')}"
    last = (complaints.strip().splitlines() or [f"exit code {code}"])[-1]
    return f"{file.name} cannot be imported: {last}"
