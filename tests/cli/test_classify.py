"""`digits classify` and `manage.py classify`, run as programs."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recognizer.bulk.outputs.report import MOST_REVIEWED
from tests.golden.drawings import DIGITS as DIGIT_DRAWINGS
from tests.golden.rendering import render
from tests.support.bulk import BLANK, FOUR, SEVEN
from tests.support.commands import DIGITS, ENVIRONMENT, ROOT, SMALL_PARTS
from tests.support.files import encode
from tests.support.library import TINY

pytestmark = pytest.mark.slow

MANAGE = [sys.executable, str(ROOT / "manage.py"), "classify"]


def classify(*arguments, program=DIGITS, given="", cwd=None):
    command = [*program, *map(str, arguments), "--model", str(TINY), "--jobs", "1"]
    return subprocess.run(command, input=given, capture_output=True, text=True, env=ENVIRONMENT, cwd=cwd, timeout=100)


@pytest.mark.parametrize("program", [DIGITS, MANAGE], ids=["digits", "manage.py"])
def test_a_folder_becomes_a_parquet_and_the_exit_code_reports_broken_files(program, scans, tmp_path):
    ran = classify(scans, "--output", tmp_path / "rows.parquet", program=program)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "7 pictures: 2 read, 1 declined (1 blank), 4 failed\n"
    rows = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [row["digit"] for row in rows if row["error"] is None] == [7, 4, None]


@pytest.mark.parametrize("program", [DIGITS, MANAGE], ids=["digits", "manage.py"])
def test_the_setting_for_numbers_reaches_the_process_that_reads(program, scans, tmp_path):
    ran = classify("--numbers=number", scans, "--output", tmp_path / "rows.parquet", program=program)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert re.fullmatch(r"7 pictures: \d read, \d declined \(.*\), 4 failed\n", ran.stderr)
    rows = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [row["alternatives"][:1] for row in rows if row["error"] is None] == [["7"], ["4"], []]


def test_without_an_output_the_rows_are_shown_and_a_list_comes_from_standard_input(scans):
    ran = classify(given=f"{scans}/a.png\n{scans}/c.webp\n")
    assert ran.returncode == 0
    seven, blank = ran.stdout.splitlines()
    assert seven.startswith("7  ") and seven.endswith(f"%  {scans}/a.png")
    assert blank == f"–  blank  {scans}/c.webp"


def test_it_ends_quietly_when_the_reader_closes_the_pipe(scans, tmp_path):
    """As in `digits classify … | head -1`."""
    np.save(tmp_path / "many.npy", np.stack([SEVEN] * 3_000))
    command = [*DIGITS, str(tmp_path / "many.npy"), "--model", str(TINY), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as run:
        assert run.stdout and run.stderr
        assert run.stdout.readline().startswith("7  ")
        run.stdout.close()
        assert run.stderr.read() == ""
    assert run.returncode == 141


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["gone"], "not found: gone"),
        (["gone/*.png"], "not found: gone/*.png"),
        ([".", "--output", "rows.txt"], "rows.txt: unknown format. Use .csv, .jsonl, .ndjson or .parquet."),
        ([".", "--output", "none/rows.csv"], "Folder does not exist: none"),
        ([".", "--resume"], "--resume needs --output"),
        ([".", "--report", "none/a.html"], "Folder does not exist: none"),
        ([".", "--output", "s3://bucket/rows.csv"], "in an object store, rows go into a folder of Parquet files"),
        ([".", "--sort-into", "s3://bucket/copies"], "Name a local path"),
        ([".", "--report", "s3://bucket/page.html"], "Name a local path"),
    ],
)
def test_a_wrong_command_is_refused_before_anything_is_read(arguments, problem, tmp_path):
    ran = classify(*arguments, cwd=tmp_path)
    assert ran.returncode == 2 and problem in ran.stderr and "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_is_refused(tmp_path):
    command = [*DIGITS, ".", "--model", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert ran.returncode == 2 and "no model in" in ran.stderr and "Traceback" not in ran.stderr


def test_the_help_names_options_and_exit_codes(tmp_path):
    for program in (DIGITS, MANAGE):
        ran = subprocess.run([*program, "--help"], capture_output=True, text=True, env=ENVIRONMENT)
        assert ran.returncode == 0
        for word in ("--resume", "--sort-into", "--report", "--jobs", "TIFF", "Exit codes"):
            assert word in ran.stdout


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        (signal.SIGINT, "csv"),
        (signal.SIGINT, "parquet"),
        (signal.SIGTERM, "jsonl"),
        (signal.SIGKILL, "csv"),
        (signal.SIGKILL, "jsonl"),
        (signal.SIGKILL, "parquet"),
        (signal.SIGINT, "parquet/"),
        (signal.SIGKILL, "parquet/"),
    ],
)
def test_a_stopped_run_keeps_its_rows_and_resumes(ending, number, tmp_path):
    seven, four = (render(DIGIT_DRAWINGS[name], 48, 40, 3) for name in ("7 crossed", "4 open"))
    np.save(tmp_path / "stack.npy", np.stack([seven, four, np.full_like(seven, 255)] * 300))
    arguments = [tmp_path / "stack.npy", "--output", f"{tmp_path}/rows.{ending}"]
    written = tmp_path / (f"rows.{ending}" + ".unfinished" * (ending == "parquet"))
    program = [*SMALL_PARTS, "classify"] if ending.endswith("/") else DIGITS
    command = [*program, *map(str, arguments), "--model", str(TINY), "--jobs", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, start_new_session=True) as run:
        while size_of(written) < 4_000:
            assert run.poll() is None
            time.sleep(0.01)
        os.killpg(run.pid, number)  # as a terminal does: the reading processes get the signal, too
        _, said = run.communicate()
    if number != signal.SIGKILL:
        assert run.returncode == 130 and said.startswith("Stopped after ") and "Traceback" not in said
        assert 0 < count_rows(tmp_path / f"rows.{ending}") < 900
    refused = classify(*arguments)
    assert refused.returncode == 2 and "--resume" in refused.stderr
    again = classify(*arguments, "--resume")
    assert (again.returncode, again.stderr) == (
        0,
        "900 pictures: 600 read, 300 declined (300 blank), 0 failed\n",
    )
    assert count_rows(tmp_path / f"rows.{ending}") == 900
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"rows.{ending.rstrip('/')}", "stack.npy"]


def size_of(place):
    """Size of a file, or of all parts in a folder."""
    return sum(file.stat().st_size for file in (place.glob("part-*") if place.is_dir() else [place]) if file.exists())


def test_an_output_of_other_inputs_stays_unchanged(scans, tmp_path):
    for ending in ("csv", "jsonl", "parquet"):
        file = tmp_path / f"rows.{ending}"
        assert classify(scans, "-o", file, "--skip-others").returncode == 1
        before = file.read_bytes()
        ran = classify(scans / "a.png", "-o", file, "--resume", "--skip-others")
        assert ran.returncode == 2 and "no longer among the inputs" in ran.stderr and "Traceback" not in ran.stderr
        assert file.read_bytes() == before and not file.with_name(f"rows.{ending}.unfinished").exists()


def count_rows(file):
    if file.suffix == ".parquet":
        return pq.read_table(file, columns=["digit"]).num_rows
    return len(file.read_text().splitlines()) - (file.suffix == ".csv")


def test_copies_are_sorted_into_folders_under_their_names(scans, tmp_path):
    Image.fromarray(SEVEN).save(tmp_path / "two.tif", save_all=True, append_images=[Image.fromarray(FOUR)])
    np.save(tmp_path / "stack.npy", np.stack([SEVEN]))
    (scans / "b" / "a.png").write_bytes(encode(SEVEN[::-1, ::-1].copy()[::-1, ::-1], "PNG", compress_level=1))
    for _ in range(2):  # the second run duplicates nothing
        ran = classify(scans, tmp_path / "two.tif", tmp_path / "stack.npy", "--sort-into", tmp_path / "sorted")
        assert ran.returncode == 1
        found = {str(file.relative_to(tmp_path / "sorted")) for file in (tmp_path / "sorted").rglob("*.*")}
        (other,) = [name for name in found if name.startswith("7/a-")]
        assert found == {
            "7/a.png",
            other,
            "7/two-000001.png",
            "4/two-000002.png",
            "7/stack-000001.png",
            "4/1.jpg",
            "unsure/c.webp",
        }
    assert (tmp_path / "sorted" / "7" / "a.png").read_bytes() == encode(SEVEN)


def test_a_report_is_one_page_that_shows_every_declined_picture(scans, tmp_path):
    (scans / "<b>.png").write_bytes(encode(BLANK))
    ran = classify(scans, "--report", tmp_path / "report.html", "--output", tmp_path / "rows.csv")
    page = (tmp_path / "report.html").read_text()
    assert ran.returncode == 1 and "8 pictures: 2 read, 2 declined (2 blank), 4 failed" in page
    assert "&lt;b&gt;.png" in page and "<b>.png" not in page and "the picture is cut off or damaged" in page
    assert page.count("<img") == 4 and "http" not in page and "<script" not in page
    assert MOST_REVIEWED == 5_000


@pytest.mark.parametrize("ending", ["csv", "parquet", "parquet/"])
def test_the_report_of_a_resumed_run_says_which_pictures_are_missing(ending, scans, tmp_path):
    report = tmp_path / "report.html"
    arguments = [scans, "--output", f"{tmp_path}/rows.{ending}", "--report", report, "--skip-others"]
    lacks = "Pictures of the 3 rows read by an earlier run are not shown."  # the last file is read again
    first = classify(*arguments)
    assert lacks not in (tmp_path / "report.html").read_text() + first.stderr
    again = classify(*arguments, "--resume")
    page = (tmp_path / "report.html").read_text()
    assert lacks in page and lacks in again.stderr and page.count("<img") == 1
    assert "4 pictures: 2 read, 1 declined" in page and "1.jpg" not in page


def test_the_rows_of_an_answer_can_be_read_by_another_program(scans, tmp_path):
    classify(scans, "-o", tmp_path / "rows.jsonl")
    rows = map(json.loads, (tmp_path / "rows.jsonl").read_text().splitlines())
    seven = next(row for row in rows if row["file"].endswith("a.png"))
    assert (seven["digit"], seven["reason"], seven["page"], seven["model"]) == (7, None, 1, "tiny")
    assert 0.5 < seven["confidence"] <= 1 and len(seven["box"]) == 4
