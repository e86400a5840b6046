"""With nothing to read, the command says so and leaves every output unchanged."""

import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.outputs.names import output_for
from tests.support.bulk import KINDS, item
from tests.support.commands import digits


def empty_folder(place: Path) -> str:
    (place / "b").mkdir(parents=True)
    return str(place)


def pattern_of_nothing(place: Path) -> str:
    return f"{empty_zip(place.with_suffix('.zip'))[:-1]}*"


def empty_zip(place: Path) -> str:
    zipfile.ZipFile(place.with_suffix(".zip"), "w").close()
    return str(place.with_suffix(".zip"))


def empty_tar(place: Path) -> str:
    tarfile.open(place.with_suffix(".tar"), "w").close()
    return str(place.with_suffix(".tar"))


def stack_of_none(place: Path) -> str:
    np.save(place.with_suffix(".npy"), np.zeros((0, 28, 28), np.uint8))
    return str(place.with_suffix(".npy"))


def table_of_none(place: Path) -> str:
    place.with_suffix(".csv").write_text("file,patient\n")
    return str(place.with_suffix(".csv"))


def parquet_of_none(place: Path) -> str:
    pq.write_table(pa.table({"file": pa.array([], pa.string())}), place.with_suffix(".parquet"))
    return str(place.with_suffix(".parquet"))


def no_lines(place: Path) -> str:
    place.with_suffix(".jsonl").write_text("\n\n")
    return str(place.with_suffix(".jsonl"))


def empty_list(place: Path) -> str:
    return "-"


NOTHINGS = [
    *(empty_folder, pattern_of_nothing, empty_zip, empty_tar, stack_of_none, table_of_none, parquet_of_none),
    *(no_lines, empty_list),
]


def contents_of(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("command", ["classify", "eval"])
@pytest.mark.parametrize("make", NOTHINGS, ids=lambda make: make.__name__)
def test_an_empty_input_is_refused_and_no_output_appears(make, command, tmp_path):
    typed = make(tmp_path / "in")
    before = contents_of(tmp_path)
    ran = digits(command, typed, "--output", tmp_path / "rows.csv")
    place = "standard input" if typed == "-" else typed
    assert ran.exit_code == 1 and f"Nothing to read: no pictures in {place} (looked for PNG, JPEG" in ran.output
    assert contents_of(tmp_path) == before


def test_an_empty_input_makes_no_report_and_no_copies(tmp_path):
    typed = empty_folder(tmp_path / "in")
    before = contents_of(tmp_path)
    ran = digits("classify", typed, "--report", tmp_path / "a.html", "--sort-into", tmp_path / "sorted")
    assert ran.exit_code == 1 and contents_of(tmp_path) == before and not (tmp_path / "sorted").exists()


@pytest.mark.parametrize("finished", [True, False], ids=["finished", "interrupted"])
@pytest.mark.parametrize("option", ["--resume", "--force"])
@pytest.mark.parametrize("name", KINDS)
def test_rows_of_an_earlier_run_stay_as_they_are(name, option, finished, reader, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(reader([item()]))
    output.close(finished)
    typed = empty_folder(tmp_path / "in")
    before = contents_of(tmp_path)
    ran = digits("classify", typed, "--output", f"{tmp_path}/{name}", option)
    assert ran.exit_code == 1 and contents_of(tmp_path) == before


@pytest.mark.parametrize("name", KINDS)
def test_nothing_to_read_leaves_no_output(name, tmp_path):
    ran = digits("classify", empty_folder(tmp_path / "in"), "--output", f"{tmp_path}/{name}")
    assert ran.exit_code == 1 and [file.name for file in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("command", ["classify", "eval"])
def test_a_folder_of_notes_alone_is_nothing_if_others_are_skipped(command, tmp_path):
    typed = Path(empty_folder(tmp_path / "in"))
    (typed / "notes.txt").write_text("none")
    ran = digits(command, typed, "--skip-others", "--output", tmp_path / "rows.csv")
    assert ran.exit_code == 1 and "Nothing to read" in ran.output and not (tmp_path / "rows.csv").exists()


def test_a_folder_of_notes_alone_is_a_failure(tmp_path):
    typed = Path(empty_folder(tmp_path / "in"))
    (typed / "notes.txt").write_text("none")
    ran = digits("classify", typed, "--output", tmp_path / "rows.csv")
    assert ran.exit_code == 1 and "it is not a picture" in (tmp_path / "rows.csv").read_text()
