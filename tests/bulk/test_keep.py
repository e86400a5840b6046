"""Other columns of input tables are kept in the rows, whatever their names and wherever rows are written."""

import subprocess
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.kept import choose_columns
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.rows import SCHEMA, csv_columns
from tests.support.bulk import FOUR, KINDS, SEVEN
from tests.support.commands import DIGITS, ENVIRONMENT, classify, digits
from tests.support.files import encode
from tests.support.library import TINY
from tests.support.rows import make_table, read_columns, read_table

pytestmark = pytest.mark.usefixtures("read_here")

ALL_KINDS = [*KINDS, "rows.ndjson"]
TABLE: dict[str, list[Any]] = {
    "file": ["a.png", "gone.png", None],
    "id": ["01", "02", "03"],
    "note": ['x, "y"\nz', "", "é"],
}


def kept_columns(name):
    return [column for column in read_table(name)[0] if column not in (*SCHEMA.names, *csv_columns(SCHEMA))]


@pytest.mark.parametrize("table", ["t.csv", "t.parquet"])
@pytest.mark.parametrize("output", ALL_KINDS)
def test_every_row_keeps_the_other_columns_of_its_table_even_an_error(output, table, picture_folder):
    make_table(table, TABLE)
    assert classify("a.png", table, "--output", output).exit_code == 1
    assert kept_columns(output) == ["id", "note"]
    nothing = "" if output.endswith("csv") else None
    expected = [(nothing, nothing), *zip(TABLE["id"], TABLE["note"], strict=True)]
    assert read_columns(output, "id", "note") == expected


def test_a_column_named_like_ours_gets_a_prefix_and_no_name_repeats(picture_folder):
    names = ["digit", "input_digit", "p0", "left", "box", "label", "seen", "kept", "id", "id", "", "id_2"]
    (picture_folder / "t.csv").write_text(f"file,{','.join(names)}\na.png,{','.join(map(str, range(12)))}\n")
    for output in ("rows.csv", "rows.jsonl", "rows.parquet"):
        assert classify("t.csv", "--output", output, "--report", "page.html", "--force").exit_code == 0
        expected = [
            "input_digit_2",
            "input_digit",
            "input_p0",
            "input_left",
            "input_box",
            "label",
            "seen",
            "kept",
            "id",
        ]
        assert kept_columns(output) == [*expected, "id_3", "column_12", "id_2"]
        assert read_columns(output, *kept_columns(output)) == [tuple(map(str, range(12)))]
    assert read_table("rows.parquet")[0]["digit"] == 7


def test_tables_with_different_columns_are_merged_and_different_types_become_text(picture_folder):
    make_table("a.parquet", {"file": ["a.png"], "id": [1], "size": [2]})
    make_table("b.csv", {"path": ["a.png"], "id": ["x"], "place": ["here"]})
    assert classify("a.parquet", "b.csv", "--output", "rows.parquet").exit_code == 0
    assert pq.read_schema("rows.parquet").names[len(SCHEMA) :] == ["id", "size", "place"]
    assert read_columns("rows.parquet", "id", "size", "place") == [("1", 2, None), ("x", None, "here")]


def test_the_picture_column_is_dropped_only_from_its_own_table(picture_folder):
    make_table("a.csv", {"file": ["a.png"], "path": ["kept"]})
    make_table("b.csv", {"path": ["a.png"]})
    make_table("c.parquet", {"image": [{"bytes": encode(FOUR), "path": "c.png"}], "id": ["7"]})
    assert classify("a.csv", "b.csv", "c.parquet", "--output", "rows.jsonl").exit_code == 0
    assert kept_columns("rows.jsonl") == ["path", "id"]
    assert read_columns("rows.jsonl", "digit", "path", "id") == [(7, "kept", None), (7, None, None), (4, None, "7")]


@pytest.mark.parametrize("pages", ["pages.tif", "pages.pdf"])
def test_each_page_of_a_file_that_a_table_names_has_its_columns(pages, picture_folder):
    first, second = map(Image.fromarray, (SEVEN, FOUR))
    first.save(pages, save_all=True, append_images=[second])
    make_table("t.csv", {"file": [pages, "a.png"], "id": ["x", "y"]})
    assert classify("t.csv", "--output", "rows.jsonl").exit_code == 0
    assert read_columns("rows.jsonl", "page", "digit", "id") == [(1, 7, "x"), (2, 4, "x"), (1, 7, "y")]


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (["--keep", "note"], ["note"]),
        (["--keep", "note, id"], ["id", "note"]),
        (["--keep", "note", "--keep", "id"], ["id", "note"]),
        (["--keep", ""], []),
        ([], ["id", "note"]),
    ],
)
def test_keep_chooses_columns(keep, expected, picture_folder):
    make_table("t.csv", TABLE)
    classify("t.csv", *keep, "--output", "rows.jsonl")
    assert kept_columns("rows.jsonl") == expected


def test_a_column_name_with_a_comma_is_quoted(picture_folder):
    make_table("t.csv", {"file": ["a.png"], "a,b": ["x"], "c": ["y"]})
    assert classify("t.csv", "--keep", '"a,b"', "--output", "rows.csv").exit_code == 0
    assert kept_columns("rows.csv") == ["a,b"]


@pytest.mark.parametrize("command", ["classify", "eval"])
@pytest.mark.parametrize(
    ("inputs", "column", "there"),
    [
        (["t.csv"], "notes", "id, note."),
        (["t.csv"], "file", "id, note."),
        (["t.csv"], "id,notes", "id, note."),
        (["broken.parquet", "t.csv"], "notes", "id, note."),
        (["*.csv"], "notes", "id, note."),
        (["broken.parquet"], "id", "none."),
        (["a.png"], "id", "none."),
        (["."], "id", "none."),
        (["-"], "id", "none."),
    ],
)
def test_an_unknown_column_is_refused_with_a_list_of_the_known_ones(inputs, column, there, command, picture_folder):
    make_table("t.csv", TABLE)
    (picture_folder / "broken.parquet").write_bytes(b"none")
    ran = digits(command, *inputs, "--keep", column, "--output", "rows.csv", given="t.csv\n")
    assert ran.exit_code == 2 and f"Available: {there}" in ran.output
    assert not (picture_folder / "rows.csv").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"none", b"file,\xff\na.png,1\n", b"id,note\n1,2\n", b'file,"'],
    ids=["empty", "one word", "no UTF-8", "no pictures", "open quote"],
)
@pytest.mark.parametrize("name", ["broken.csv", "broken.parquet"])
def test_a_damaged_table_becomes_a_row_and_other_tables_keep_their_columns(name, content, picture_folder):
    (picture_folder / name).write_bytes(content)
    make_table("t.csv", TABLE)
    assert classify(name, "t.csv", "--output", "rows.jsonl").exit_code == 1
    assert read_columns("rows.jsonl", "id")[-3:] == [("01",), ("02",), ("03",)]


def test_rows_of_a_csv_may_be_shorter_or_longer_than_its_first(picture_folder):
    (picture_folder / "t.csv").write_text("file,id,note\na.png,1\na.png,2,x,y,z\n")
    assert classify("t.csv", "--output", "rows.jsonl").exit_code == 0
    assert read_columns("rows.jsonl", "id", "note") == [("1", None), ("2", "x")]


def test_a_parquet_with_a_name_twice_keeps_the_first(picture_folder):
    pq.write_table(
        pa.Table.from_arrays([pa.array(["a.png"]), pa.array([1]), pa.array([2])], ["file", "x", "x"]), "t.parquet"
    )
    assert classify("t.parquet", "--output", "rows.jsonl").exit_code == 0
    assert read_columns("rows.jsonl", "x") == [(1,)]


def test_a_table_from_a_list_keeps_only_columns_that_another_declares(picture_folder):
    make_table("t.parquet", {"file": ["a.png"], "id": [1]})
    make_table("listed.csv", {"file": ["a.png", "a.png"], "id": ["2", "x"], "note": ["y", "z"]})
    assert classify("t.parquet", "-", "--output", "rows.jsonl", given="listed.csv\n").exit_code == 0
    assert kept_columns("rows.jsonl") == ["id"]
    assert read_columns("rows.jsonl", "id") == [(1,), (2,), (None,)]


@pytest.mark.parametrize("output", ALL_KINDS)
@pytest.mark.parametrize("rows", range(4))
def test_a_stopped_run_resumes_with_its_columns(rows, output, picture_folder):
    make_table("t.csv", TABLE)
    begin(output, rows)
    before = kept_read_back(output)
    assert classify("t.csv", "--output", output, "--resume").exit_code == 1
    assert read_columns(output, "id") == [("01",), ("02",), ("03",)]
    assert kept_read_back(output)[:rows] == before and len(before) == rows


def begin(output, rows):
    """Leave the output of a run that stopped after this many rows."""
    sources = Sources(("t.csv",))
    kept = choose_columns(sources.headers(), None)
    opened = output_for(output, schema=Reading(kept=kept).schema)
    opened.open()
    items = Sources(("t.csv",), kept=kept).items()
    opened.write(Reader(Reading(TINY, kept=kept))(items).slice(0, rows))
    opened.close(finished=False)


def kept_read_back(output):
    found = [row for batch, _ in output_for(output, resume=True).read_rows() for row in batch.to_pylist()]
    return [(row["id"], row["note"] or "") for row in found]


@pytest.mark.parametrize("output", ALL_KINDS)
@pytest.mark.parametrize("finished", [True, False])
def test_an_output_with_other_columns_is_not_resumed_and_stays(finished, output, picture_folder):
    make_table("t.csv", TABLE)
    if finished:
        classify("t.csv", "--output", output)
    else:
        begin(output, 2)
    before = kept_read_back(output)
    ran = classify("t.csv", "--keep", "id", "--output", output, "--resume")
    assert ran.exit_code == 2 and "same inputs and --keep, or start over with --force" in ran.output
    assert kept_read_back(output) == before
    assert classify("t.csv", "--keep", "id", "--output", output, "--force").exit_code == 1
    assert kept_columns(output) == ["id"]


@pytest.mark.parametrize("output", ["rows.parquet", "rows.parquet/"])
def test_a_column_whose_type_has_changed_is_noticed(output, picture_folder):
    make_table("t.parquet", {"file": ["a.png"], "id": [1]})
    assert classify("t.parquet", "--output", output).exit_code == 0
    make_table("t.parquet", {"file": ["a.png"], "id": ["1"]})
    ran = classify("t.parquet", "--output", output, "--resume")
    assert ran.exit_code == 2 and "id (int64)" in ran.output and "id (string)" in ran.output


@pytest.mark.parametrize("output", ALL_KINDS)
def test_rows_with_columns_of_tables_are_rows_of_this_program(output, picture_folder):
    make_table("t.csv", TABLE)
    classify("t.csv", "--output", output)
    assert "already has rows. Add --force" in classify("t.csv", "--output", output).output
    assert classify("a.png", "--output", output, "--force").exit_code == 0
    assert kept_columns(output) == []


def test_a_long_value_is_read_back_from_csv(picture_folder):
    """By default, Python's csv refuses fields of more than 131,072 characters."""
    make_table("t.parquet", {"file": ["a.png"], "raw": [bytes(200_000)]})
    assert classify("t.parquet", "--output", "rows.csv").exit_code == 0
    assert classify("t.parquet", "--output", "rows.csv", "--resume").exit_code == 0


def test_without_an_output_rows_show_no_extra_columns(picture_folder):
    make_table("t.csv", TABLE)
    assert "01" not in classify("t.csv").output


@pytest.mark.parametrize(("keep", "expected"), [([], ["label", "id"]), (["--keep", ""], [])])
def test_rows_of_an_evaluation_hold_the_label(keep, expected, picture_folder):
    make_table("t.csv", {"file": ["a.png", "a.png"], "label": ["7", "4"], "id": ["1", "2"]})
    ran = digits("eval", "t.csv", "--label-column", "label", *keep, "--output", "rows.jsonl")
    assert ran.exit_code == 0 and "2 digits: 50.00% correct" in ran.output
    assert kept_columns("rows.jsonl") == expected


@pytest.mark.slow
@pytest.mark.parametrize("output", ["rows.csv", "rows.parquet/"])
def test_the_ray_engine_keeps_columns_too(output, picture_folder):
    make_table("t.parquet", {**TABLE, "when": pa.array([1, None, 3], pa.timestamp("ns"))})
    command = [*DIGITS, "a.png", "t.parquet", "--model", str(TINY), "--output"]
    for engine, target in {"local": f"local-{output}", "ray": output}.items():
        ran = subprocess.run([*command, target, "--engine", engine, "--jobs", "1"], env=ENVIRONMENT, timeout=180)
        assert ran.returncode == 1
    assert kept_columns(output) == ["id", "note", "when"]
    assert read_columns(output, "file", "id", "note") == read_columns(f"local-{output}", "file", "id", "note")
