"""Rows written to a file are read back, whatever interrupts the writing."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.outputs import parts
from recognizer.bulk.outputs.files import OutputFile
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.outputs.output import OutputError, OutputState
from recognizer.bulk.rows import SCHEMA
from tests.support.bulk import BLANK, FILES, KINDS, SEVEN, item
from tests.support.rows import read_rows

ODD = 'comma, "quote"\nline é \udcff.png'


@pytest.fixture
def batch(reader):
    return reader([item(), item(ODD, BLANK), item("x.png", b"none"), item("s.npy", SEVEN, 12)])


@pytest.mark.parametrize("name", KINDS)
def test_what_is_written_comes_back(name, batch, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(batch)
    output.write(batch.slice(0, 1))
    output.close(finished=True)
    expected = pa.Table.from_batches([batch.select(SCHEMA.names)]).to_pylist()
    for found, row in zip(read_rows(f"{tmp_path}/{name}"), [*expected, expected[0]], strict=True):
        assert found == row
    assert [file.name for file in tmp_path.iterdir()] == [name.rstrip("/")]


def test_a_csv_has_a_column_for_each_number(batch, tmp_path):
    output = output_for(f"{tmp_path}/rows.csv")
    output.open()
    output.write(batch)
    output.close(finished=True)
    with (tmp_path / "rows.csv").open(newline="") as file:
        seven, blank, broken, _ = csv.DictReader(file)
    assert seven["digit"] == "7" and float(seven["p7"]) > 0.5 and float(seven["left"]) < float(seven["right"])
    assert blank["file"] == ODD.encode("utf-8", "backslashreplace").decode() and blank["left"] == ""
    assert broken["digit"] == broken["p0"] == "" and broken["error"].startswith("this is not a picture")


def test_each_line_of_jsonl_is_an_object_with_every_column(batch, tmp_path):
    output = output_for(f"{tmp_path}/rows.jsonl")
    output.open()
    output.write(batch)
    output.close(finished=True)
    found = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert all(list(row) == SCHEMA.names for row in found)
    assert [row["digit"] for row in found] == [7, None, None, 7]


def test_a_parquet_is_typed(batch, tmp_path):
    output = output_for(f"{tmp_path}/rows.parquet")
    output.open()
    output.write(batch)
    output.close(finished=True)
    assert pq.read_schema(tmp_path / "rows.parquet").equals(SCHEMA)


@pytest.mark.parametrize("name", KINDS)
def test_a_run_without_rows_writes_an_empty_file(name, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.close(finished=True)
    assert read_rows(f"{tmp_path}/{name}") == []


@pytest.mark.parametrize("name", KINDS)
def test_an_interrupted_output_can_be_read_and_is_recognized_as_unfinished(name, batch, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(batch)
    output.close(finished=False)
    assert output.state() is OutputState.INTERRUPTED
    with pytest.raises(OutputError, match="--resume"):
        output_for(f"{tmp_path}/{name}")
    assert len(read_rows(f"{tmp_path}/{name}")) == 4


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("cut", [1, 40, 200])
def test_rows_that_were_cut_off_are_ignored(name, cut, batch, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(batch)
    output.write(batch)
    assert isinstance(output, OutputFile)
    output.opened.close()  # as when the process dies
    written = output.unfinished if name.endswith("parquet") else output.file
    with written.open("r+b") as file:
        file.truncate(written.stat().st_size - cut)
    found = [row for part, _ in output.read_rows() for row in part.to_pylist()]
    assert 4 <= len(found) < 8
    assert [row["page"] for row in found] == [1, 1, 1, 12, 1, 1, 1][: len(found)]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kept", [0, 1, 3, 4, 6, 8])
def test_an_output_can_be_continued_after_any_row(name, kept, batch, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(batch)
    output.write(batch)
    output.close(finished=False)
    positions = [0, *(position for _, some in output.read_rows() for position in some)]
    output.open(positions[kept])
    assert sum(part.num_rows for part, _ in output.read_rows()) == kept
    output.write(batch.slice(3))
    output.close(finished=True)
    names = [row["file"] for row in read_rows(f"{tmp_path}/{name}")]
    assert len(names) == kept + 1 and names[-1] == "s.npy"


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_program_is_not_continued(name, tmp_path):
    (tmp_path / name).write_text('{"name": 1}\n' if name.endswith("jsonl") else "name\n1\n")
    with pytest.raises(OutputError, match="this program"):
        read_rows(f"{tmp_path}/{name}")


@pytest.mark.parametrize("name", ["rows.txt", "rows", "none/rows.csv", "none/rows.parquet/"])
def test_an_impossible_output_is_refused(name, tmp_path):
    with pytest.raises(OutputError, match=r"Use \.csv|Folder does not exist"):
        output_for(f"{tmp_path}/{name}")


def test_a_file_is_not_accepted_as_a_folder_of_parts(tmp_path):
    (tmp_path / "rows.parquet").touch()
    with pytest.raises(OutputError, match=r"rows\.parquet is a file\. Move it"):
        output_for(f"{tmp_path}/rows.parquet/")


def test_rows_in_an_object_store_are_parquet():
    with pytest.raises(OutputError, match=r"s3://bucket/rows\.csv: in an object store, rows go into a folder"):
        output_for("s3://bucket/rows.csv")


@pytest.fixture
def three_parts(batch, tmp_path, monkeypatch):
    """Three parts of four rows each, and another file beside them."""
    monkeypatch.setattr(parts, "BYTES_ENOUGH", 1)
    output = output_for(f"{tmp_path}/rows.parquet/")
    output.open()
    for _ in range(3):
        output.write(batch)
    (tmp_path / "rows.parquet" / "notes.txt").touch()
    return output


def names_in(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_folder_is_read_as_one_table(three_parts, batch, tmp_path):
    three_parts.write(batch.slice(0, 1))
    three_parts.close(finished=True)
    found = pq.read_table(tmp_path / "rows.parquet", ignore_prefixes=["notes"])
    assert found.schema.equals(SCHEMA)
    assert found["page"].to_pylist() == [1, 1, 1, 12] * 3 + [1]
    assert names_in(tmp_path / "rows.parquet") == ["notes.txt", *(f"part-{number:08}.parquet" for number in range(4))]


def test_parts_before_the_first_missing_one_are_kept(three_parts, tmp_path):
    """Parts are written in parallel, so a later one may exist."""
    (tmp_path / "rows.parquet" / "part-00000001.parquet").unlink()
    assert sum(part.num_rows for part, _ in three_parts.read_rows()) == 4
    three_parts.open(4)
    assert names_in(tmp_path / "rows.parquet") == ["_unfinished", "notes.txt", "part-00000000.parquet"]


def test_a_stop_while_opening_leaves_whole_parts_without_a_gap(three_parts, tmp_path, monkeypatch):
    again = output_for(f"{tmp_path}/rows.parquet/", resume=True)
    monkeypatch.setattr(again, "put", lambda number, batches: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        again.open(2)
    assert sum(part.num_rows for part, _ in again.read_rows()) == 4
    assert names_in(tmp_path / "rows.parquet") == ["_unfinished", "notes.txt", "part-00000000.parquet"]


@pytest.mark.parametrize("damage", [b"", b"none", b"PAR1" * 500])
def test_a_damaged_part_is_named_and_everything_stays(damage, three_parts, tmp_path):
    second = tmp_path / "rows.parquet" / "part-00000001.parquet"
    second.write_bytes(damage)
    before = {file.name: file.read_bytes() for file in (tmp_path / "rows.parquet").iterdir()}
    again = output_for(f"{tmp_path}/rows.parquet/", resume=True)
    for harmed in (lambda: list(again.read_rows()), lambda: again.open(12)):
        with pytest.raises(OutputError, match=r"part-00000001\.parquet cannot be read: .* delete it"):
            harmed()
    again.close(finished=False)
    assert {file.name: file.read_bytes() for file in (tmp_path / "rows.parquet").iterdir()} == before


@pytest.mark.parametrize("name", ["part-00000000.parquet", "part-00000007.parquet", "part-0.parquet"])
def test_a_folder_of_another_program_is_refused_and_stays_as_it_is(name, tmp_path):
    file = tmp_path / "rows.parquet" / name
    file.parent.mkdir()
    pq.write_table(pa.table({"name": [1]}), file)
    before = file.read_bytes()
    with pytest.raises(OutputError, match=r"already has rows|this program did not write"):
        output_for(f"{tmp_path}/rows.parquet/")
    with pytest.raises(OutputError, match=r"this program did not write|does not hold rows of this program"):
        output = output_for(f"{tmp_path}/rows.parquet/", resume=True)
        list(output.read_rows())
        output.open()
    parts.Parts(file.parent).close(finished=True)
    assert file.read_bytes() == before


def test_rows_are_held_until_they_fill_a_part_or_some_seconds_pass(batch, tmp_path, monkeypatch):
    output = output_for(f"{tmp_path}/rows.parquet/")
    output.open()
    output.write(batch)
    assert names_in(tmp_path / "rows.parquet") == ["_unfinished"]
    monkeypatch.setattr(parts, "SECONDS_ENOUGH", 0.0)
    output.write(batch)
    assert sum(part.num_rows for part, _ in output.read_rows()) == 8


@pytest.mark.parametrize("name", ["s3://bucket//rows.parquet/", "gs://bucket//rows.parquet", "s3:///rows.parquet/"])
def test_an_impossible_store_address_is_named(name):
    with pytest.raises(OutputError, match=name):
        output_for(name)


def test_a_folder_name_that_is_not_utf_8_is_refused_but_a_file_name_is_accepted(batch, tmp_path):
    with pytest.raises(OutputError, match="must be valid UTF-8"):
        output_for(f"{tmp_path}/\udcff.parquet/")
    output = output_for(f"{tmp_path}/\udcff.parquet")
    output.open()
    output.write(batch)
    output.close(finished=True)
    assert len(read_rows(f"{tmp_path}/\udcff.parquet")) == 4


def test_rows_in_a_folder_are_parquet(tmp_path):
    (tmp_path / "rows.jsonl").mkdir()
    for name in ("rows.csv/", "rows.jsonl"):
        with pytest.raises(OutputError, match=r"a folder of rows must be Parquet"):
            output_for(f"{tmp_path}/{name}")
