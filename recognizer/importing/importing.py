"""Imports a network: starts the child process that opens the file, and puts the finished folder in place."""

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, mkdtemp
from threading import Timer

from recognizer.card import ModelCard
from recognizer.errors import UnusableFile, how_to_install
from recognizer.importing.limits import CONVERT_S, MEASURE_S

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
PATIENCE_S = 3 * CONVERT_S + MEASURE_S  # wall-clock time, in case the process waits without computing
ABANDONED_S = 600
UNFINISHED = ".unfinished-"  # prefix of a folder that is not complete yet
KEPT_VARIABLES = ["DIGITS_DATA", "LANG", "LD_LIBRARY_PATH", "PATH"]  # of the environment


def check_name(name: str) -> str:
    """Return the name if a model and its folder can have it. Raises `UnusableFile`."""
    if not NAME.fullmatch(name) or ".." in name:
        raise UnusableFile(
            f"{name!r} cannot be the name of a model. Use up to 100 letters, digits, hyphens, dots and underscores: "
            "--name my_model"
        )
    return name


def import_model(file: Path, target: Path, say: Callable[[str], object]) -> ModelCard:
    """Make the model folder `target` from the network in `file`, and return its card.

    target: does not exist yet; its last part is the model's name. say: is called with each line of progress.
    Raises `UnusableFile`, and then leaves nothing behind.
    """
    if sys.platform == "win32":
        raise UnusableFile("Models can be imported on Linux and macOS only. The finished folder works everywhere.")
    name = check_name(target.name)
    if target.exists():
        raise UnusableFile(f"{target} exists already. Choose another name.")
    if not file.is_file():
        raise UnusableFile(f"{file} is not a file." if file.exists() else f"{file} does not exist.")
    with _ended_tidily(), TemporaryDirectory(prefix="digits-import-") as temporary:
        made = Path(temporary, name)
        made.mkdir()
        _run(file.resolve(), made, name, say)
        card = ModelCard.read(made)
        put_in_place(made, target)
    return card


@contextmanager
def _ended_tidily() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does: the child ends, and temporary files go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def put_in_place(made: Path, target: Path) -> None:
    """Copy the folder `made` to `target`, wholly or not at all. Raises `UnusableFile`."""
    unfinished = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent)
        unfinished = Path(mkdtemp(prefix=UNFINISHED, dir=target.parent))
        for file in made.iterdir():
            shutil.copyfile(file, unfinished / file.name)
        unfinished.chmod(0o755)  # mkdtemp lets its owner alone in
        for file in unfinished.iterdir():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        unfinished.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            error = FileExistsError(error.errno, "another import has just made it. Choose another name")
        if unfinished:
            shutil.rmtree(unfinished, ignore_errors=True)
        raise UnusableFile(f"The model cannot be written to {target}: {error.strerror or error}.") from error


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed imports left, but not what another import is writing."""
    for unfinished in folder.glob(f"{UNFINISHED}*"):
        if time.time() - unfinished.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(unfinished, ignore_errors=True)


def _run(file: Path, made: Path, name: str, say: Callable[[str], object]) -> None:
    """Run the child process, and pass its progress on to `say`. Raises `UnusableFile` if it made no model."""
    # -P: nothing is imported from the folder that somebody stands in.
    command = [sys.executable, "-P", "-m", "recognizer.importing.child", str(file), str(made), name, str(os.getpid())]
    refused = ""
    # Standard error goes to a file. A pipe that nobody reads fills up, and the child would wait for ever.
    with (
        TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_environment(made.parent),
            cwd=made.parent,
        ) as child,
    ):
        timer = Timer(PATIENCE_S, child.kill)
        timer.start()
        try:
            assert child.stdout  # noqa: S101 - it is a pipe
            for line in child.stdout:
                message = _parse(line)
                refused = message.get("refused", refused)
                if "say" in message:
                    say(message["say"])
            code = child.wait()
        finally:
            timer.cancel()
            child.kill()
        errors.seek(0)
        complaints = errors.read()
    if refused or code:
        raise UnusableFile(refused or _explain(file, code, complaints))


def _environment(temporary: Path) -> dict[str, str]:
    """Return the child's environment: its own home and temporary folder, the same packages as here, and no secrets."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    folders = dict.fromkeys(["HOME", "KERAS_HOME", "TMPDIR"], str(temporary))
    path = os.pathsep.join(folder for folder in sys.path if Path(folder).is_absolute())
    return kept | folders | {"KERAS_BACKEND": "torch", "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def _parse(line: str) -> dict[str, str]:
    """Return the child's message, or an empty dict for lines that a library printed."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _explain(file: Path, code: int, complaints: str) -> str:
    """Return why the child ended without a reason of its own."""
    if code == -signal.SIGXCPU:
        limits = f"{CONVERT_S} s of processor time to convert, {MEASURE_S:,} s to measure"
        return f"{file.name} takes too long. The limits are {limits}. Import a smaller network."
    if code in (-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        return f"{file.name} needs more time or memory than an import may use, or it is damaged. Export it again."
    if missing := re.search(r"No module named '([\w.]+)'", complaints):
        return f"The package {missing[1]} is missing. {how_to_install('train')}"
    last = (complaints.strip().splitlines() or [f"exit code {code}"])[-1]
    return f"{file.name} cannot be imported: {last}"
