"""On a full disk the error names the file that did not fit, and --resume continues once there is room."""

import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from recognizer.bulk.inputs import folders
from recognizer.bulk.inputs.folders import sort_names
from recognizer.bulk.outputs.names import output_for
from recognizer.cli.command import app
from tests.support.bulk import FILES, KINDS, SEVEN, item
from tests.support.library import TINY
from tests.support.rows import read_rows

MANY = 100


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limit file sizes like a full disk: a write beyond fails, and the system names no file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    np.save(tmp_path / "many.npy", np.stack([SEVEN] * MANY))
    return tmp_path / "many.npy"


def classify(*arguments):
    return CliRunner().invoke(app, ["classify", *map(str, arguments), "--model", str(TINY)])


@pytest.mark.parametrize("name", KINDS)
def test_the_command_names_the_output_and_resumes_when_there_is_room(name, stack, tmp_path, read_here):
    output = f"{tmp_path}/{name}"
    with files_of_at_most(2_000):
        ran = classify(stack, "--output", output)
    assert ran.exit_code == 2
    assert re.fullmatch(rf"Error: \[Errno \d+\] File too large: '{re.escape(str(tmp_path))}/rows\.\S+'\n", ran.output)
    assert classify(stack, "--output", output, "--resume").exit_code == 0
    assert [row["page"] for row in read_rows(output)] == list(range(1, MANY + 1))


@pytest.mark.parametrize("name", FILES)
def test_an_output_that_fails_at_the_end_is_named_and_can_be_resumed(name, reader, tmp_path):
    """At its end, a Parquet is written from another file and needs as much room again."""
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(reader(item("s.npy", SEVEN, page) for page in range(1, MANY)))
    with files_of_at_most(1_000):
        if name.endswith("parquet"):
            with pytest.raises(OSError, match=r"File too large: '.*/rows\.parquet'"):
                output.close(finished=True)
        else:
            output.close(finished=True)
    assert len(read_rows(f"{tmp_path}/{name}")) == MANY - 1
    assert not (tmp_path / f"{name}.part").exists()


def test_a_report_that_does_not_fit_is_named_and_the_earlier_one_stays(stack, tmp_path, read_here):
    page = tmp_path / "page.html"
    assert classify(stack, "--report", page).exit_code == 0
    before = page.read_bytes()
    with files_of_at_most(2_000):
        ran = classify(stack, "--report", page, "--force")
    assert ran.exit_code == 2 and f"File too large: '{page}'" in ran.output
    assert page.read_bytes() == before and not page.with_name("page.html.part").exists()


def test_a_copy_that_does_not_fit_is_named_and_removed(stack, tmp_path, read_here):
    with files_of_at_most(50):
        ran = classify(stack, "--sort-into", tmp_path / "sorted")
    assert ran.exit_code == 2 and re.search(r"File too large: '.*/sorted/7/many-000001\.png'", ran.output)
    assert list((tmp_path / "sorted" / "7").iterdir()) == []


def test_sorting_on_a_full_disk_names_the_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "NAMES_AT_ONCE", 10)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with files_of_at_most(20), pytest.raises(OSError, match=f"File too large: '{tmp_path}'"):
        list(sort_names(str(number) * 5 for number in range(20)))


@pytest.mark.slow
def test_standard_output_is_named(scans):
    for command in (["classify", f"{scans}/a.png", "--jobs", "1", "--model", TINY], ["info", "--model", TINY]):
        program = "from recognizer.cli.main import main; main()"
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(
                [sys.executable, "-c", program, *map(str, command)], stdout=full, stderr=subprocess.PIPE, text=True
            )
        assert ran.returncode == 2
        assert "Error: [Errno 28] No space left on device: 'standard output'\n" in ran.stderr
        assert "Traceback" not in ran.stderr
