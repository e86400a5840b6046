"""Time and memory spent on a picture: `python -m tests.support.spent FILE …` prints a line of JSON for each.

Each picture is read in its own child process, forked after all imports.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognizer.errors import InkError
from recognizer.pictures import decode, frames
from tests.support.files import encode
from tests.support.heic import encode_heic

ROOT = Path(__file__).parents[2]
SCAN = ".scan"
SCANS = (b"II", b"MM", b"BM", b"GIF", b"\0\0\0\x0cjP", b"\xff\x4f")
EXITS = ["read", "refused"]


@dataclass(frozen=True)
class Spent:
    """`seconds` of processor time; peak `mebibytes` above those of a child that reads nothing."""

    answer: str
    seconds: float
    mebibytes: float


def spent_on(pictures: Mapping[str, Callable[[], bytes]], folder: Path, ending: str = "") -> dict[str, Spent]:
    """`folder`: for temporary files. ending: of their names; `SCAN` to read them as scans."""
    files = []
    for number, make in enumerate(pictures.values()):
        files.append(folder / f"{number}{ending}")
        files[-1].write_bytes(make())
    command = [sys.executable, "-m", "tests.support.spent", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    return {name: Spent(**json.loads(line)) for name, line in zip(pictures, lines, strict=True)}


def main(files: list[str]) -> None:
    for kind in ("PNG", "JPEG", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "JPEG2000"):  # makes Pillow load their readers
        list(frames(encode(Image.new("L", (64, 64)), kind)))
    list(frames(encode_heic(Image.new("L", (64, 64)))))
    nothing = spent_by(lambda: None)
    for file in files:
        spent = spent_by(partial(read, Path(file)))
        print(json.dumps(asdict(Spent(spent.answer, spent.seconds, spent.mebibytes - nothing.mebibytes))))


def spent_by(act: Callable[[], Any]) -> Spent:
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        except InkError:
            os._exit(1)
        finally:
            os._exit(2)
    _, status, usage = os.wait4(child, 0)
    per_mebibyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
    answer = EXITS[os.waitstatus_to_exitcode(status)]
    return Spent(answer, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mebibyte)


def read(file: Path) -> None:
    """Read as `decode` does, or as `frames` does if the file's name says so."""
    data = file.read_bytes()
    is_scan = file.suffix == SCAN or data.startswith(SCANS)
    for page in frames(data) if is_scan else iter([decode(data)]):
        if not isinstance(page, np.ndarray):
            raise page


if __name__ == "__main__":
    main(sys.argv[1:])
