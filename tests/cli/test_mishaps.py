"""Commands typed in a hurry, and odd files: nothing is lost silently, and no file ends a run."""

import csv
import io
import json
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.outputs.output import OutputError
from recognizer.cli.command import app
from recognizer.cli.eval import digit_of
from tests.support.bulk import FOUR, SEVEN, STROKES, item
from tests.support.commands import classify, digits
from tests.support.files import encode
from tests.support.library import TINY

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["", "--output", "rows.csv"], "Is a variable unset?"),
        ([".", "--sort-into", ""], "Is a variable unset?"),
        ([".", "--sort-into", "sorted"], "the next run would read the copies"),
        (["a.png", "--output", "rows.csv", "--report", "rows.csv"], "named for two outputs"),
        (["a.png", "--report", "page.csv"], "must end in .html"),
        (["a.png", "--report", "folder.html"], "is a folder"),
        (["a.png", "--report", ""], "must end in .html"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_read(arguments, problem, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    (tmp_path / "folder.html").mkdir()
    ran = classify(*arguments)
    assert ran.exit_code == 2 and problem in ran.output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.png", "folder.html"]


def tar_of_ten(file: Path, mode="w") -> bytes:
    with tarfile.open(file, mode) as archive:
        for number in range(10):
            entry = tarfile.TarInfo(f"{number}.png")
            entry.size = len(encode(SEVEN))
            archive.addfile(entry, io.BytesIO(encode(SEVEN)))
    return file.read_bytes()


@pytest.mark.parametrize("damage", ["a changed head", "cut in a head", "cut between two files"])
def test_a_truncated_tar_is_reported(damage, rows, tmp_path):
    whole = bytearray(tar_of_ten(tmp_path / "ten.tar"))
    assert len(rows(tmp_path / "ten.tar")) == 10
    fourth = 3 * (512 + -(-len(encode(SEVEN)) // 512) * 512)
    whole[fourth + 5] ^= 1
    broken = {"a changed head": whole, "cut in a head": whole[: fourth + 100], "cut between two files": whole[:fourth]}
    (tmp_path / "broken.tar").write_bytes(broken[damage])
    *read, last = rows(tmp_path / "broken.tar")
    assert [row["digit"] for row in read] == [7] * 3
    assert last["error"].startswith("the TAR file cannot be read any further: ")


def test_links_in_a_tar_become_rows_and_a_file_with_a_dotted_path_is_read(rows, tmp_path):
    with tarfile.open(tmp_path / "links.tar", "w") as archive:
        for name, kind in (
            ("a/../b.png", tarfile.REGTYPE),
            ("hard.png", tarfile.LNKTYPE),
            ("soft.png", tarfile.SYMTYPE),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "a/../b.png"
            content = encode(SEVEN) if kind == tarfile.REGTYPE else b""
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    file, *links = rows(tmp_path / "links.tar")
    assert file["digit"] == 7
    assert [row["error"] for row in links] == ["it is a link to a/../b.png; unpack the archive to read links"] * 2


def test_names_that_are_not_utf_8_do_not_end_a_run(tmp_path):
    (tmp_path / "s.jsonl").write_text('{"strokes": [[[1, 1], [9, 9]]], "label": "\\ud800"}\n' + STROKES)
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff")
    Path(folder).mkdir()
    (Path(folder) / "a.png").write_bytes(encode(SEVEN))
    for command in ("classify", "eval"):
        ran = digits(command, tmp_path / "s.jsonl", folder, "--output", tmp_path / f"{command}.jsonl")
        assert ran.exception is None or isinstance(ran.exception, SystemExit)
        assert len((tmp_path / f"{command}.jsonl").read_text().splitlines()) == 3
    ran = classify(folder, "--report", tmp_path / "page.html")
    assert ran.exit_code == 0 and "bad\\udcff" in (tmp_path / "page.html").read_text()


def test_a_name_with_a_nul_becomes_a_row(rows, tmp_path):
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    (tmp_path / "n.csv").write_bytes(b"file\nx\x00.png\na.png\n")
    broken, read = rows(tmp_path / "n.csv")
    assert "holds a NUL" in broken["error"] and read["digit"] == 7


def test_a_name_with_any_line_end_is_one_record_of_a_csv(tmp_path):
    names = ["cr\rname.png", "lf\nname.png", "crlf\r\nname.png", "plain.png"]
    for name in names:
        (tmp_path / name).write_bytes(encode(SEVEN))
    inputs = [tmp_path / name for name in names]
    output = tmp_path / "rows.csv"
    assert classify(*inputs, "--output", output).exit_code == 0
    with output.open(newline="") as file:
        assert [Path(row["file"]).name for row in csv.DictReader(file)] == names
    assert classify(*inputs, "--output", output, "--resume").exit_code == 0


@pytest.mark.parametrize("left", [None, b"", b"file,pa"], ids=["no file", "empty", "half a head"])
def test_a_run_stopped_before_its_first_row_resumes(left, tmp_path):
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    (tmp_path / "rows.csv.unfinished").touch()
    if left is not None:
        (tmp_path / "rows.csv").write_bytes(left)
    assert "--resume" in classify(tmp_path / "a.png", "--output", tmp_path / "rows.csv").output
    assert classify(tmp_path / "a.png", "--output", tmp_path / "rows.csv", "--resume").exit_code == 0
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 2


def test_rows_of_another_model_are_not_resumed(tmp_path):
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    other = Path(shutil.copytree(TINY, tmp_path / "other"))
    card = json.loads((other / "model.json").read_text())
    (other / "model.json").write_text(json.dumps(card | {"name": "other"}))
    assert classify(tmp_path / "a.png", "--output", tmp_path / "rows.csv").exit_code == 0
    again = [tmp_path / "a.png", "--output", tmp_path / "rows.csv", "--resume"]
    ran = CliRunner().invoke(app, ["classify", *map(str, again), "--model", str(other)])
    assert ran.exit_code == 2 and "was read with the model tiny, not other" in ran.output


@pytest.mark.parametrize("line", ['{"page": "x"}', '{"digit": 700}', '{"confidence": "much"}'])
def test_changed_rows_are_reported(line, reader, tmp_path):
    output = output_for(f"{tmp_path}/rows.jsonl")
    output.open()
    output.write(reader([item()]))
    output.close(finished=True)
    row = json.loads((tmp_path / "rows.jsonl").read_text()) | json.loads(line)
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(OutputError, match="this program did not write"):
        list(output.read_rows())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_copies_with_equal_or_long_names_are_all_kept(tmp_path):
    pictures = [np.roll(SEVEN, shift, 1) for shift in range(4)]
    with zipfile.ZipFile(tmp_path / "same.zip", "w") as archive:
        for picture in pictures:
            archive.writestr("ok.png", encode(picture))
        archive.writestr("x" * 300 + ".png", encode(FOUR))
    reader = Reader(Reading(TINY, sort_into=tmp_path / "sorted"))
    for _ in range(2):  # again, as after a stop: nothing is repeated
        assert len(reader(Sources((str(tmp_path / "same.zip"),)).items())) == 5
    copies = {file.read_bytes() for file in (tmp_path / "sorted" / "7").iterdir()}
    assert copies == {encode(picture) for picture in pictures}
    (long,) = (tmp_path / "sorted" / "4").iterdir()
    assert len(long.name) <= 255 and long.read_bytes() == encode(FOUR)


@pytest.mark.parametrize(
    ("label", "digit"), [("7", "7"), (" 7", "7"), ("07", "7"), ("7.0", "7"), ("7.5", ""), ("a", "")]
)
def test_a_label_is_read_from_any_type_of_column(label, digit):
    assert digit_of(label) == digit


def test_a_missing_label_column_is_reported_with_the_existing_ones(tmp_path):
    (tmp_path / "t.csv").write_text("file,truth\na.png,7\n")
    ran = digits("eval", tmp_path / "t.csv", "--label-column", "label")
    assert ran.exit_code == 2 and "Columns: file, truth" in ran.output


def test_the_current_folder_labels_its_pictures(tmp_path, monkeypatch):
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "a.png").write_bytes(encode(SEVEN))
    monkeypatch.chdir(tmp_path / "7")
    for typed in (".", "a.png"):
        assert "1 digit: 100.00% correct" in digits("eval", typed).output


def test_empty_labels_count_as_missing(tmp_path):
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    (tmp_path / "t.csv").write_text("file,label\na.png,\na.png,7.0\n")
    said = digits("eval", tmp_path / "t.csv", "--label-column", "label").output
    assert "1 digit: 100.00% correct" in said and "1 had no label" in said


def test_a_stack_in_fortran_order_is_refused_with_the_remedy(rows, tmp_path):
    np.save(tmp_path / "f.npy", np.asfortranarray(np.stack([SEVEN, FOUR])))
    assert "Fortran order" in rows(tmp_path / "f.npy")[0]["error"]
