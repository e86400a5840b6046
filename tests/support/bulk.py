"""Pictures of our own drawings as files, and a reader with the tiny model."""

import csv
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pytest

from recognizer.bulk.engines import choice
from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.items import Item
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.files import encode
from tests.support.library import TINY

SEVEN, FOUR = render(DIGITS["7 crossed"]), render(DIGITS["4 open"])
FILES = ["rows.csv", "rows.jsonl", "rows.parquet"]
KINDS = [*FILES, "rows.parquet/"]  # of outputs
MANY = 4_000  # pictures, so that a run lasts until a process is killed
BLANK = np.full((60, 60), 255, np.uint8)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(Reading(TINY, with_seen=True))


@pytest.fixture
def rows(reader: Reader) -> Callable[..., list[dict[str, Any]]]:
    """Reads inputs as typed on the command line, in this process; returns all rows."""

    def rows(*inputs: Path | str, **options: Any) -> list[dict[str, Any]]:
        return reader(Sources(tuple(map(str, inputs)), **options).items()).to_pylist()

    return rows


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder of four pictures, one of them broken, and of files that are not pictures."""
    folder = tmp_path / "scans"
    (folder / "b").mkdir(parents=True)
    (folder / "a.png").write_bytes(encode(SEVEN))
    (folder / "b" / "1.jpg").write_bytes(encode(FOUR, "JPEG"))
    (folder / "b" / "2.png").write_bytes(encode(SEVEN)[:100])
    (folder / "c.webp").write_bytes(encode(BLANK, "WEBP"))
    for name in ("labels.csv", ".hidden.png", "b/notes.txt"):
        (folder / name).write_text("none")
    return folder


class Here:
    """Stands in for the local engine. It reads in this process, without starting others."""

    def __init__(self, reading: Reading, jobs: int, stop: Callable[[], bool]) -> None:
        self.reader = Reader(reading)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def __call__(self, items: Iterable[Item]) -> Iterator[pa.RecordBatch]:
        rest = iter(items)
        while part := list(islice(rest, 8)):
            yield self.reader(part)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "LocalEngine", Here)


def item(name: str = "a.png", content: Any = SEVEN, page: int | None = None) -> Item:
    return Item(name, content, page)


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures (one broken), archives, a stack, strokes and a table."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "scans" / "b").mkdir(parents=True)
    for number in range(30):
        (folder / "scans" / "b" / f"{number:02}.png").write_bytes(encode(SEVEN if number % 2 else FOUR))
    (folder / "scans" / "a.png").write_bytes(encode(SEVEN)[:100])
    with zipfile.ZipFile(folder / "some.zip", "w") as archive, tarfile.open(folder / "some.tar.gz", "w:gz") as other:
        for number in range(20):
            name = f"{number:02}.png"
            archive.write(folder / "scans" / "b" / name, name)
            other.add(folder / "scans" / "b" / name, name)
    stack = np.zeros((MANY, 28, 28), np.uint8)
    stack[:, 4:24, 13:16] = 255
    np.save(folder / "many.npy", stack)
    (folder / "strokes.jsonl").write_text('{"strokes": [[[0, 0], [0, 50]]]}\nnone\n')
    with (folder / "table.csv").open("w", newline="") as table:
        csv.writer(table).writerows([["file"], ["scans/b/00.png"], ["none.png"]])
    return folder


NAMES = ("scans", "some.zip", "some.tar.gz", "many.npy", "strokes.jsonl", "table.csv", "scans/b/0*.png")

STROKES = '{"strokes": [[[60, 60], [200, 60], [120, 240]]]}\n'


@pytest.fixture
def picture_folder(tmp_path, monkeypatch):
    """The current folder, with one picture."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    return tmp_path
