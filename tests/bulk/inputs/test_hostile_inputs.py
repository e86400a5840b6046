"""Files far costlier than their size, and files that never end, become error rows in little memory."""

import gzip
import json
import os
import signal
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer import pictures
from recognizer.bulk.engines.local import BYTES_PER_PROCESS, LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.formats import Format, format_of
from tests.support.bulk import SEVEN, item
from tests.support.commands import DIGITS, ENVIRONMENT
from tests.support.files import encode
from tests.support.library import TINY

MOST_MEMORY = 600_000_000  # bytes, of all processes of a run with --jobs 2
STROKES = b'{"strokes": [[[60, 60], [200, 60], [120, 240]]]}\n'
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def zip_of_zeros(file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(24):
            archive.writestr(f"{number}.png", bytes(63_000_000))


def tar_with_long(kind):
    def write(file):
        header = tarfile.TarInfo("name")
        header.type, header.size = kind, 700_000_000
        block = gzip.compress(b"a" * 10_000_000, 1)  # gzip reads concatenated members as one file
        file.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT)) + block * 70 + gzip.compress(bytes(10_240)))

    return write


def line_of_empty_strokes(file):
    file.write_bytes(b'{"strokes": [' + b"[]," * 5_000_000 + b"[]]}\n" + STROKES)


def rows_of_one_value(file):
    value = pa.array([os.urandom(1) * 20_000_000], pa.binary())
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 60, pa.int32()), value)
    pq.write_table(pa.table({"image": shared}), file, compression="zstd")


def pdf_of_nested_forms(file):
    """Each form draws the next one forty times: 10⁸ lines in all."""
    depth, times = 5, 40
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    objects.append(b"<</Length 5>>stream\n/F Do\nendstream")
    for level in range(depth):
        is_last = level == depth - 1
        body = (b"0 0 m 9 9 l S " if is_last else b"/F Do ") * times
        resources = b"" if is_last else b"/XObject<</F %d 0 R>>" % (6 + level)
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<<%s>>/Length %d>>" % (resources, len(body))
        objects.append(head + b"stream\n" + body + b"\nendstream")
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(written))
    file.write_bytes(written + table + tail)


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize(
    ("name", "write", "errors"),
    [
        ("zeros.zip", zip_of_zeros, ["this is not a picture; send a PNG, JPEG, WebP, AVIF or HEIC"] * 24),
        ("pax.tar.gz", tar_with_long(tarfile.XHDTYPE), ["a name or header has 700,000,000 bytes"]),
        ("name.tar.gz", tar_with_long(tarfile.GNUTYPE_LONGNAME), ["a name or header has 700,000,000 bytes"]),
        ("empty.jsonl", line_of_empty_strokes, ["more than 500,000 numbers and strokes", None]),
        ("shared.parquet", rows_of_one_value, ["this is not a picture; send a PNG, JPEG, WebP, AVIF or HEIC"] * 60),
        ("nested.pdf", pdf_of_nested_forms, ["reading it crashed the process"]),
    ],
    ids=["zeros in a ZIP", "header of a TAR", "name in a TAR", "empty strokes", "value of many rows", "forms in a PDF"],
)
def test_a_file_that_unpacks_to_gigabytes_is_an_error_and_takes_little_memory(name, write, errors, tmp_path):
    write(tmp_path / name)
    command = [*DIGITS, name, "--jobs", "2", "--model", str(TINY), "--output", "rows.jsonl"]
    assert peak_of(command, tmp_path) < MOST_MEMORY
    found = [json.loads(line)["error"] for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert len(found) == len(errors)
    assert all(error in told if error else told is None for error, told in zip(errors, found, strict=True)), found


def peak_of(command, folder) -> int:
    """Peak memory of the command and its descendants in bytes; a shared page counts once."""
    peak = 0
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as program:
        while program.poll() is None:
            peak = max(peak, sum(map(memory_of, family(program.pid))))
            time.sleep(0.01)
        assert program.stderr
        told = program.stderr.read()
    assert program.returncode == 1 and "Traceback" not in told, told
    return peak


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # the process has ended
        return []
    return [pid, *(descendant for child in children for descendant in family(int(child)))]


def memory_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # the process has ended
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def npy(header):
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode()


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': " + "[" * 5_000 + "}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "-" * 9_000 + "1,)}",
    ],
    ids=["of brackets", "of minus signs"],
)
def test_a_stack_with_a_hostile_header_is_an_error_and_the_next_file_is_read(header, rows, tmp_path):
    (tmp_path / "a.npy").write_bytes(npy(header))
    (tmp_path / "b.png").write_bytes(encode(SEVEN))
    hostile, picture = rows(tmp_path / "a.npy", tmp_path / "b.png")
    assert hostile["error"].startswith("the NPY file cannot be read any further: ")
    assert picture["digit"] == 7


class Unheard(Exception):
    """An exception of an unknown parser."""


def test_an_unknown_exception_from_a_file_becomes_the_error_of_its_row(rows, tmp_path, monkeypatch):
    def read(file, columns):
        yield item("a.new", SEVEN, 1)
        raise Unheard("odd")

    (tmp_path / "a.new").touch()
    (tmp_path / "b.png").write_bytes(encode(SEVEN))
    new = Format("NEW", (), read)
    monkeypatch.setattr(
        "recognizer.bulk.inputs.sources.format_of", lambda name: new if name.endswith(".new") else format_of(name)
    )
    first, broken, other = rows(tmp_path / "a.new", tmp_path / "b.png")
    assert broken["error"] == "the NEW file cannot be read any further: odd" and broken["file"] == f"{tmp_path}/a.new"
    assert first["digit"] == other["digit"] == 7


def test_an_unknown_exception_from_a_picture_becomes_the_error_of_its_row(rows, scans, monkeypatch):
    def frames(data):
        if data.startswith(b"RIFF"):
            raise Unheard
        return pictures.frames(data)

    monkeypatch.setattr("recognizer.bulk.inputs.pages.frames", frames)
    found = {Path(row["file"]).name: row for row in rows(scans)}
    assert found["c.webp"]["error"] == "it cannot be read: Unheard"
    assert found["a.png"]["digit"] == 7


@pytest.mark.parametrize(
    "name", ["a.png", "a.pdf", "a.zip", "a.tar.gz", "a.npy", "a.idx", "a.jsonl", "a.csv", "a.parquet"]
)
def test_a_pipe_is_an_error_and_is_not_waited_for(name, rows, tmp_path):
    os.mkfifo(tmp_path / name)
    (row,) = rows(tmp_path / name)
    assert row["error"] == "it is a pipe or a device, or a folder that you may not list"


def test_a_device_is_an_error(rows):
    (row,) = rows("/dev/zero")
    assert row["error"] == "it is a pipe or a device, or a folder that you may not list"


class Content(bytes):
    """Bytes that are counted until they are freed."""

    alive = most = 0

    def __init__(self, size):
        Content.alive += len(self)
        Content.most = max(Content.most, Content.alive)

    def __del__(self):
        Content.alive -= len(self)


@pytest.mark.slow
def test_items_in_flight_stay_within_the_memory_limit():
    size = 5_000_000
    items = (item("a.tar/a.png", Content(size), page) for page in range(1, 41))
    with LocalEngine(Reading(TINY), 2) as engine:
        assert sum(batch.num_rows for batch in engine(items)) == 40
    assert 2 * size <= Content.most <= 2 * BYTES_PER_PROCESS + size


ENDLESS = Path(__file__).parents[2] / "support/endless_items.py"


def endless(what, seconds, folder) -> subprocess.Popen:
    command = [sys.executable, str(ENDLESS), what, str(seconds)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_picture_that_takes_too_long_ends_its_process_once_and_the_others_are_read(tmp_path):
    with endless("item", 1, tmp_path) as program:
        told, problem = program.communicate(timeout=100)
    assert problem == ""
    expected = ["begun", *(f"{page} 7" for page in range(1, 21)), "3 processes finished"]
    expected[13] = "13 it takes more than 30 s of processor time"  # a limit of one second here
    assert told.splitlines() == expected


@pytest.mark.slow
@on_linux
def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    with endless("file", 1, tmp_path) as program:
        told, _ = program.communicate(timeout=100)
    last = "1 the ENDLESS file cannot be read any further: it takes more than 30 s of processor time"
    assert told.splitlines()[:3] == ["begun", "1 7", last]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["item", "file"])
def test_one_ctrl_c_stops_an_item_that_never_ends(what, tmp_path):
    with endless(what, 1_000_000, tmp_path) as program:
        assert program.stdout and program.stdout.readline() == "begun\n"
        time.sleep(1)
        program.send_signal(signal.SIGINT)
        told, problem = program.communicate(timeout=100)
    assert problem == "" and told.splitlines()[-1].endswith("stopped")
