"""Pictures of our own drawings as files, and a reader by the tiny model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.bulk.items import Item
from recognizer.bulk.reader import Reader, Reading
from recognizer.bulk.sources import Sources
from tests.golden.drawings import DIGITS
from tests.golden.rendering import drawn
from tests.recognizer.conftest import TINY
from tests.recognizer.files import encoded

SEVEN, FOUR = drawn(DIGITS["7 crossed"]), drawn(DIGITS["4 open"])
FILES = ["rows.csv", "rows.jsonl", "rows.parquet"]
KINDS = [*FILES, "rows.parquet/"]  # of outputs
BLANK = np.full((60, 60), 255, np.uint8)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(Reading(TINY, with_seen=True))


@pytest.fixture
def rows(reader: Reader) -> Callable[..., list[dict[str, Any]]]:
    """What is typed → all rows, read in this process."""

    def rows(*inputs: Path | str, **options: Any) -> list[dict[str, Any]]:
        return reader(Sources(tuple(map(str, inputs)), **options).items()).to_pylist()

    return rows


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder of four pictures, one of them broken, and of files that are none."""
    folder = tmp_path / "scans"
    (folder / "b").mkdir(parents=True)
    (folder / "a.png").write_bytes(encoded(SEVEN))
    (folder / "b" / "1.jpg").write_bytes(encoded(FOUR, "JPEG"))
    (folder / "b" / "2.png").write_bytes(encoded(SEVEN)[:100])
    (folder / "c.webp").write_bytes(encoded(BLANK, "WEBP"))
    for name in ("labels.csv", ".hidden.png", "b/notes.txt"):
        (folder / name).write_text("none")
    return folder


def item(name: str = "a.png", content: Any = SEVEN, page: int | None = None) -> Item:
    return Item(name, content, page)
