"""Every ending of every format, in any case, is read, counted and sorted."""

import csv
import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.counting import Count
from recognizer.bulk.inputs.formats import FORMATS, PICTURES, format_of
from recognizer.bulk.inputs.sources import Sources
from tests.golden.drawings import DIGITS
from tests.support.bulk import FOUR, SEVEN
from tests.support.files import encode
from tests.support.heic import encode_heic
from tests.support.library import TINY

STACK = np.stack([SEVEN, FOUR])
ENDINGS = [ending for kind in FORMATS for ending in kind.endings]
PACKING = {"gz": "gz", "tgz": "gz", "bz2": "bz2", "tbz2": "bz2", "xz": "xz", "txz": "xz"}
PILLOWS_NAMES = {"JPEG 2000": "JPEG2000", "HEIC": "HEIF"}
SINGLE = tuple(ending for kind in PICTURES if not kind.several for ending in kind.endings)
COUNTED_AS_ONE = tuple(ending for kind in PICTURES for ending in kind.endings)
UNCOUNTED = ("TAR", "JSONL", "CSV")  # counted only by reading


def picture(file: Path, ending: str) -> None:
    name = name_of(ending)
    options = {"no_jp2": True} if ending == ".j2k" else {}
    kind = PILLOWS_NAMES.get(name, name)
    file.write_bytes(encode_heic(SEVEN) if kind == "HEIF" else encode(SEVEN, kind, **options))


def pages(file: Path, ending: str) -> None:
    first, second = map(Image.fromarray, STACK)
    first.save(file, name_of(ending), save_all=True, append_images=[second])


def name_of(ending: str) -> str:
    found = format_of(ending)
    assert found
    return found.name


def archive(file: Path, ending: str) -> None:
    with zipfile.ZipFile(file, "w") as opened:
        for number, image in enumerate(STACK):
            opened.writestr(f"{number}.png", encode(image))


def tape(file: Path, ending: str) -> None:
    with tarfile.open(file, f"w:{PACKING.get(ending.rpartition('.')[2], '')}") as opened:  # type: ignore[call-overload]
        for number, image in enumerate(STACK):
            entry = tarfile.TarInfo(f"{number}.png")
            entry.size = len(encode(image))
            opened.addfile(entry, io.BytesIO(encode(image)))


def write_packed(file: Path, ending: str, content: bytes) -> None:
    file.write_bytes(gzip.compress(content) if ending.endswith("gz") else content)


def idx(file: Path, ending: str) -> None:
    write_packed(file, ending, b"\0\0\x08\x03" + struct.pack(">3I", *STACK.shape) + STACK.tobytes())


def numpy(file: Path, ending: str) -> None:
    with file.open("wb") as opened:
        (np.save if ending == ".npy" else np.savez)(opened, STACK)


def lines(file: Path, ending: str) -> None:
    drawn = (DIGITS["7 crossed"], DIGITS["4 open"])
    write_packed(file, ending, "".join(json.dumps({"strokes": strokes}) + "\n" for strokes in drawn).encode())


def table(file: Path, ending: str) -> None:
    names = ["1.jpeg", "2.jpeg"]
    for name, image in zip(names, STACK, strict=True):
        file.with_name(name).write_bytes(encode(image, "JPEG"))
    if ending == ".parquet":
        pq.write_table(pa.table({"file": names}), file)
        return
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["file"], *([name] for name in names)])


MAKERS: dict[str, Callable[[Path, str], None]] = {
    **dict.fromkeys(("PNG", "JPEG", "WebP", "AVIF", "HEIC", "JPEG 2000", "BMP"), picture),
    **dict.fromkeys(("GIF", "TIFF", "PDF"), pages),
    **dict.fromkeys(("NPY", "NPZ"), numpy),
    **dict.fromkeys(("CSV", "Parquet"), table),
    **{"ZIP": archive, "TAR": tape, "IDX": idx, "JSONL": lines},
}


@pytest.fixture(params=[str.lower, str.upper, str.title], ids=["lower", "UPPER", "Mixed"])
def case(request) -> Callable[[str], str]:
    return request.param


@pytest.fixture
def file(ending, case, tmp_path) -> Path:
    """A seven, and a four if the format can hold two pictures."""
    (tmp_path / "in").mkdir()
    made = tmp_path / "in" / ("scans" + case(ending))
    MAKERS[name_of(ending)](made, ending)
    return made


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_is_read_in_any_case(ending, file, rows):
    assert [(row["digit"], row["error"]) for row in rows(file)] == [(7, None), (4, None)][: 1 + (ending not in SINGLE)]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_is_counted_in_any_case(ending, file):
    count = Count(Sources((str(file),)))
    count.run()
    assert count.total == (None if name_of(ending) in UNCOUNTED else 1 if ending in COUNTED_AS_ONE else 2)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_is_sorted_in_any_case(ending, file, tmp_path):
    Reader(Reading(TINY, sort_into=tmp_path / "sorted"))(Sources((str(file),)).items())
    copies = sorted(copy.relative_to(tmp_path / "sorted").as_posix() for copy in (tmp_path / "sorted").rglob("*.*"))
    if ending in SINGLE:
        assert copies == [f"7/{file.name}"]
    else:
        assert [copy[:2] for copy in copies] == ["4/", "7/"]
        assert not any(copy.endswith(file.name) for copy in copies)


@pytest.mark.parametrize("name", ["notes.txt", "png", "a.png.bak", "a.tar.zst", "a.gz", ""])
def test_another_ending_is_no_format(name):
    assert format_of(name) is None


def test_no_two_formats_share_an_ending():
    for ending in ENDINGS:
        assert sum(ending.endswith(other.endings) for other in FORMATS) == 1
