"""Rows of numbers: their columns in every output, and runs that resume."""

import csv
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk import limits
from recognizer.bulk.engines.reader import Reader, Reading, error_row, rows_of
from recognizer.bulk.items import Drawing, Item
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.rows import NUMBERS, Row, csv_columns
from recognizer.bulk.run import run
from recognizer.bulk.summary import Summary
from tests.golden.rendering import render
from tests.support.bulk import BLANK, KINDS, item
from tests.support.readings import ANSWERS, LINE, SETTINGS
from tests.support.rows import engine, read_rows


@pytest.fixture(scope="module")
def number_reader():
    return Reader(Reading(numbers="digits"))


@pytest.fixture
def batch():
    """A number with a sign and a comma, one declined, a blank, and an error."""
    rows = [Row(f"{place}.png", 1, answer, None, 0.5, None) for place, answer in enumerate(ANSWERS)]
    return rows_of([*rows, Row("x.png", 1, None, "broken", 0.5, None)], SETTINGS)


def write(batch, name):
    output = output_for(str(name), schema=SETTINGS.schema)
    output.open()
    output.write(batch)
    output.close(finished=True)


def test_a_row_has_what_the_library_reads(number_reader):
    picture = render(LINE, 600, 330, 14)
    row, blank = number_reader([Item("a.jsonl", Drawing(LINE), 1), item("b.png", BLANK)]).to_pylist()
    expected = number_reader.recognizer.read_strokes([LINE])[0]
    assert (row["text"], row["reason"], row["error"]) == ("274", None, None)
    assert row["characters"] == ["2", "7", "4"] and row["alternatives"][0] == "274"
    np.testing.assert_allclose(row["character_boxes"], [digit.box for digit in expected.digits], rtol=1e-6)
    np.testing.assert_allclose(row["box"], expected.box, rtol=1e-6)
    assert (blank["text"], blank["box"], blank["characters"], blank["reason"]) == (None, None, [], "blank")
    (of_picture,) = number_reader([item("c.png", picture)]).to_pylist()
    assert of_picture["alternatives"][:1] == ["274"]


def test_signs_and_commas_have_no_confidence_and_a_digit_has_its_own(batch):
    minus, *_ = batch.to_pylist()
    assert minus["characters"] == ["-", "5", ",", "5"]
    # The digit model takes the last one for a 7, with 0.8, and for a 5 with 0.16; the drawing is a digit.
    found = [np.nan if each is None else each for each in minus["character_confidences"]]
    np.testing.assert_allclose(found, [np.nan, 0.8, np.nan, 0.16], rtol=1e-6)
    assert minus["alternatives"] == ["-5,5", "5,5"] and minus["alternative_confidences"] == [0.75, 0.125]


@pytest.mark.parametrize("name", KINDS)
def test_what_is_written_comes_back(name, batch, tmp_path):
    write(batch, f"{tmp_path}/{name}")
    assert read_rows(f"{tmp_path}/{name}") == batch.select(NUMBERS.names).to_pylist()


def test_a_parquet_has_lists(batch, tmp_path):
    write(batch, tmp_path / "rows.parquet")
    found = pq.read_schema(tmp_path / "rows.parquet")
    assert found.equals(NUMBERS) and found.field("character_boxes").type == pa.list_(pa.list_(pa.float32()))


def test_a_csv_has_the_text_as_it_is_and_lists_as_json(batch, tmp_path):
    write(batch, tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(newline="") as file:
        minus, declined, blank, broken = csv.DictReader(file)
    assert list(minus) == csv_columns(NUMBERS)
    assert minus["text"] == "-5,5" and minus["right"] == "22.0"
    assert json.loads(minus["characters"]) == ["-", "5", ",", "5"]
    assert json.loads(minus["character_boxes"])[0] == [0, 8, 5, 9]
    assert json.loads(minus["character_confidences"])[0] is None
    assert (declined["text"], declined["reason"]) == ("", "unsure")
    assert (blank["left"], blank["alternatives"]) == ("", "[]")
    assert (broken["characters"], broken["error"]) == ("", "broken")


def test_a_json_line_has_every_column(batch, tmp_path):
    write(batch, tmp_path / "rows.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert all(list(row) == NUMBERS.names for row in rows)
    assert [row["text"] for row in rows] == ["-5,5", None, None, None]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("rows", range(4))
def test_a_run_resumes_after_any_row(name, rows, number_reader, tmp_path):
    items = [Item("a.jsonl", Drawing(LINE), 1), item("b.png", BLANK), item("c.png", b"none")]
    output = output_for(f"{tmp_path}/{name}", schema=number_reader.reading.schema)
    output.open()
    output.write(number_reader(items).slice(0, rows))
    output.close(finished=False)
    summary = Summary()
    again = output_for(f"{tmp_path}/{name}", resume=True, schema=number_reader.reading.schema)
    assert sum(run(items, engine(number_reader), again, [summary], resume=True)) == 3
    again.close(finished=True)
    assert [row["text"] for row in read_rows(f"{tmp_path}/{name}")] == ["274", None, None]
    assert str(summary) == "3 pictures: 1 read, 1 declined (1 blank), 1 failed"


@pytest.mark.parametrize("numbers", [None, "digits", "number"])
def test_the_line_network_is_loaded_with_the_reader_only_for_numbers(numbers):
    assert ("_numbers" in vars(Reader(Reading(numbers=numbers)).recognizer)) == bool(numbers)


def test_each_line_has_the_time_of_one_picture(number_reader, monkeypatch):
    restarts: list[None] = []
    monkeypatch.setattr(limits, "restart_clock", lambda: restarts.append(None))
    number_reader([item("a.png", BLANK)])
    for_one = len(restarts)
    number_reader([item("a.png", BLANK)] * 3)
    assert for_one == 3 and len(restarts) - for_one == 9  # before and after each is decoded, and before it is read


def test_an_item_that_crashes_its_process_has_a_row_of_numbers():
    row = error_row(item(), "crashed", SETTINGS)
    assert row.schema.names[: len(NUMBERS)] == NUMBERS.names and row["error"].to_pylist() == ["crashed"]
