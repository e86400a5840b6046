"""Nothing is overwritten silently. --force overwrites only rows and reports of this program."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.outputs.names import output_for
from tests.support.bulk import KINDS, SEVEN, STROKES, item
from tests.support.commands import classify, digits
from tests.support.files import encode

pytestmark = pytest.mark.usefixtures("read_here")

ALL_KINDS = [*KINDS, "rows.ndjson"]
COMMANDS = ["classify", "eval"]


@pytest.fixture
def pictures(tmp_path) -> Path:
    """Two pictures, in a folder named as their label."""
    (tmp_path / "7").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "7" / name).write_bytes(encode(SEVEN))
    return tmp_path / "7"


@pytest.fixture
def rows_there(request, reader, tmp_path):
    """Makes an output of three rows, finished or not."""

    def make(name, finished):
        output = output_for(f"{tmp_path}/{name}")
        output.open()
        output.write(reader([item()] * 3))
        output.close(finished)
        return f"{tmp_path}/{name}"

    return make


def contents_of(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def count_rows(name):
    return sum(batch.num_rows for batch, _ in output_for(name, resume=True).read_rows())


def put_other_table(name, tmp_path) -> str:
    """The name of the output, where a table of another program lies."""
    file = tmp_path / name
    if name.endswith("/"):
        file.mkdir()
        file = file / "part-00000001.parquet"
    if file.suffix == ".parquet":
        pq.write_table(pa.table({"name": [1]}), file)
    else:
        file.write_text('{"name": 1}\n' if "js" in name else "name\n1\n")
    return f"{tmp_path}/{name}"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ALL_KINDS)
def test_finished_rows_stay_and_the_error_names_the_remedy(name, command, pictures, rows_there, tmp_path):
    output = rows_there(name, finished=True)
    before = contents_of(tmp_path)
    ran = digits(command, pictures, "--output", output)
    assert ran.exit_code == 2 and "already has rows. Add --force to replace them" in ran.output
    assert contents_of(tmp_path) == before


@pytest.mark.parametrize(
    ("command", "remedy"),
    [("classify", "Add --resume to continue, or --force to start over."), ("eval", "Add --force to start over.")],
)
@pytest.mark.parametrize("name", ALL_KINDS)
def test_interrupted_rows_stay_and_the_error_names_the_remedy(name, command, remedy, pictures, rows_there, tmp_path):
    output = rows_there(name, finished=False)
    before = contents_of(tmp_path)
    ran = digits(command, pictures, "--output", output)
    assert ran.exit_code == 2 and f"belongs to an interrupted run. {remedy}" in ran.output
    assert contents_of(tmp_path) == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("finished", [True, False], ids=["finished", "interrupted"])
@pytest.mark.parametrize("name", ALL_KINDS)
def test_force_replaces_rows(name, finished, command, pictures, rows_there, tmp_path):
    output = rows_there(name, finished)
    assert digits(command, pictures, "--output", output, "--force").exit_code == 0
    assert count_rows(output) == 2
    assert {file.name for file in tmp_path.iterdir()} == {"7", Path(name).name}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", [[], ["--force"]], ids=["plain", "force"])
@pytest.mark.parametrize("name", ALL_KINDS)
def test_a_file_of_another_program_is_never_overwritten(name, option, command, pictures, tmp_path):
    output = put_other_table(name, tmp_path)
    before = contents_of(tmp_path)
    ran = digits(command, pictures, "--output", output, *option)
    assert ran.exit_code == 2 and any(word in ran.output for word in ("name another", "Name another"))
    assert contents_of(tmp_path) == before


def test_no_part_is_removed_when_one_belongs_to_another_program(pictures, rows_there, tmp_path):
    output = rows_there("rows.parquet/", finished=True)
    pq.write_table(pa.table({"name": [1]}), tmp_path / "rows.parquet" / "part-00000001.parquet")
    before = contents_of(tmp_path)
    assert "does not hold rows of this program" in classify(pictures, "--output", output, "--force").output
    assert contents_of(tmp_path) == before


@pytest.mark.parametrize("name", ["drawings.jsonl", "table.csv", "picture.png"])
@pytest.mark.parametrize("option", ["--output", "--report"])
@pytest.mark.parametrize("more", [[], ["--force"], ["--resume"]], ids=["plain", "force", "resume"])
def test_an_input_is_never_overwritten(name, option, more, tmp_path):
    file = tmp_path / name
    file.write_text(STROKES)
    ran = classify(file, option, file, *more)
    assert ran.exit_code == 2 and "among the inputs" in ran.output
    assert file.read_text() == STROKES


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", ["link", "pattern", "list"])
def test_force_never_overwrites_an_input_under_another_name(how, command, rows_there, tmp_path):
    output = Path(rows_there("rows.csv", finished=True))
    (tmp_path / "link.csv").symlink_to(output)
    before = output.read_bytes()
    typed = {"link": tmp_path / "link.csv", "pattern": tmp_path / "row*.csv", "list": "-"}[how]
    ran = digits(command, typed, "--output", output, "--force", given=f"{output}\n")
    assert ran.exit_code == 2 and "among the inputs" in ran.output
    assert output.read_bytes() == before


def test_force_never_overwrites_a_part_that_is_an_input(rows_there, tmp_path):
    output = rows_there("rows.parquet/", finished=True)
    before = contents_of(tmp_path)
    ran = classify(tmp_path / "rows.parquet" / "part-00000000.parquet", "--output", output, "--force")
    assert ran.exit_code == 2 and "among the inputs" in ran.output
    assert contents_of(tmp_path) == before


def test_an_empty_file_is_filled(pictures, tmp_path):
    """As `mktemp` creates it."""
    (tmp_path / "rows.csv").touch()
    assert classify(pictures, "--output", tmp_path / "rows.csv").exit_code == 0
    with (tmp_path / "rows.csv").open(newline="") as file:
        assert [row["digit"] for row in csv.DictReader(file)] == ["7", "7"]


def test_resume_together_with_force_is_refused(pictures, rows_there, tmp_path):
    output = rows_there("rows.csv", finished=False)
    before = contents_of(tmp_path)
    ran = classify(pictures, "--output", output, "--resume", "--force")
    assert ran.exit_code == 2 and "Use one of them" in ran.output
    assert contents_of(tmp_path) == before


def test_a_report_is_replaced_only_by_force_or_by_a_resumed_run(pictures, tmp_path):
    arguments = [pictures, "--output", tmp_path / "rows.csv", "--report", tmp_path / "page.html"]
    assert classify(*arguments).exit_code == 0
    before = contents_of(tmp_path)
    ran = classify(pictures, "--report", tmp_path / "page.html")
    assert (
        ran.exit_code == 2 and "page.html already exists. Add --force" in ran.output and contents_of(tmp_path) == before
    )
    for option in ("--force", "--resume"):
        (tmp_path / "page.html").write_bytes(before[tmp_path / "page.html"] + b"old")
        assert classify(*arguments, option).exit_code == 0
        assert not (tmp_path / "page.html").read_bytes().endswith(b"old")


@pytest.mark.parametrize(
    "option", [[], ["--force"], ["--resume", "--output", "rows.csv"]], ids=["plain", "force", "resume"]
)
def test_a_page_of_another_program_is_never_overwritten(option, pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text("<!doctype html>ours")
    ran = classify(pictures, "--report", tmp_path / "page.html", *option)
    assert ran.exit_code == 2 and "is not a report of this program" in ran.output
    assert (tmp_path / "page.html").read_text() == "<!doctype html>ours"
