"""No text cell of our CSV is a formula to a spreadsheet, and every cell is read back unchanged."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recognizer.bulk.cells import STARTS, cell_of, text_of_cell
from recognizer.bulk.outputs.lines import Csv
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.rows import SCHEMA
from recognizer.bulk.run import run
from tests.support.bulk import SEVEN, item
from tests.support.files import encode
from tests.support.rows import engine

COMMAND = "=cmd|' /C calc'!A0.png"
NAMES = [COMMAND, "'=1.png", "''-x.png", "'plain.png", "@a.png", "+a.png", "-a.png", "\ta.png", "\ra.png", "-5", "'-5"]
texts = st.text() | st.text("'=+-@\t\r\n1.5e＝", max_size=6)


@given(texts)
@example("'=1")
@example("''")
@example("'-5")
def test_any_text_round_trips_and_never_starts_a_formula(text):
    cell = cell_of(text)
    assert text_of_cell(cell) == text
    assert not cell.startswith(STARTS) or float(cell.replace(",", ".")) == float(text.replace(",", "."))


@given(texts)
@example(COMMAND)
def test_a_whole_row_round_trips_through_its_line(text):
    output = Csv(Path("rows.csv"), pa.schema([*SCHEMA, ("kept", pa.string())]))
    row = dict.fromkeys(SCHEMA.names) | {"file": text or None, "page": 1, "box": [-1.5] * 4, "kept": text or None}
    parsed = output.parse(output.format_row(row).encode(), output.schema)
    assert {name: parsed[name] for name in row} == row


@pytest.mark.parametrize("number", ["-5", "+5", "-0.5", "+1.2e3", "-1e-05", "-.5", "-5.", "5", "-1,5", "+,5", "-5,"])
def test_a_number_stays_as_it_is(number):
    assert cell_of(number) == number == text_of_cell(number)


@pytest.mark.parametrize(
    "text",
    ["-5-3", "+49 89 1234", "-", "-1,5,2", "-1.5,2", "--5", "-e5", "-inf", "-٥", pytest.param("-5\n", id="and a line")],
)
def test_text_that_only_begins_like_a_number_is_escaped(text):
    assert cell_of(text) == f"'{text}"


@pytest.fixture
def items():
    return [item(name) for name in NAMES]


def write_rows(items, reader, file):
    output = output_for(str(file))
    list(run(items, engine(reader), output, []))
    output.close(finished=True)
    return output


def test_file_names_that_are_formulas_are_escaped_in_a_csv_and_restored_on_reading(items, reader, tmp_path):
    output = write_rows(items, reader, tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(newline="") as file:
        cells = [row["file"] for row in csv.DictReader(file)]
    assert cells[0] == f"'{COMMAND}" and not any(cell.startswith(STARTS) for cell in cells if cell != "-5")
    assert [name for batch, _ in output.read_rows() for name in batch["file"].to_pylist()] == NAMES


def test_jsonl_escapes_no_formulas(items, reader, tmp_path):
    write_rows(items, reader, tmp_path / "rows.jsonl")
    assert [json.loads(line)["file"] for line in (tmp_path / "rows.jsonl").read_text().splitlines()] == NAMES


@pytest.mark.parametrize("is_old", [False, True], ids=["as it is", "as it was before there were marks"])
def test_a_csv_with_such_names_is_resumed(is_old, items, reader, tmp_path):
    items = [item for item in items if not item.file.startswith("'")]
    write_rows(items[:4], reader, tmp_path / "rows.csv")
    if is_old:
        marked = (tmp_path / "rows.csv").read_bytes()
        assert marked.count(b"'") == 4 + 2  # two of them belong to the first name
        (tmp_path / "rows.csv").write_bytes(marked.replace(b"\n'", b"\n").replace(b"\n\"'", b'\n"'))
    output = output_for(f"{tmp_path}/rows.csv", resume=True)
    assert sum(run(items, engine(reader), output, [], resume=True)) == len(items)
    output.close(finished=True)
    assert [name for batch, _ in output.read_rows() for name in batch["file"].to_pylist()] == [
        item.file for item in items
    ]


def test_column_names_that_are_formulas_round_trip(reader, tmp_path):
    schema = pa.schema([*SCHEMA, ("=1+1", pa.string()), ("'@a", pa.string())])
    output = output_for(f"{tmp_path}/rows.csv", schema=schema)
    output.open()
    output.close(finished=True)
    assert (tmp_path / "rows.csv").read_text().rstrip().endswith(",error,'=1+1,''@a")
    with (tmp_path / "rows.csv").open("rb") as file:
        assert Csv(tmp_path / "rows.csv").read_columns(file)[-2:] == ["=1+1", "'@a"]


def test_our_csv_can_be_read_as_a_table_of_files(reader, rows, tmp_path):
    (tmp_path / COMMAND.replace("/", "")).write_bytes(encode(SEVEN))
    (tmp_path / "'=1.png").write_bytes(encode(SEVEN))
    names = [COMMAND.replace("/", ""), "'=1.png"]
    write_rows([item(name) for name in names], reader, tmp_path / "rows.csv")
    assert [row["file"] for row in rows(tmp_path / "rows.csv") if row["digit"] == 7] == names


def test_an_apostrophe_in_another_table_is_part_of_the_name(rows, tmp_path):
    (tmp_path / "'=1.png").write_bytes(encode(SEVEN))
    (tmp_path / "table.csv").write_text("file\n'=1.png\n")
    assert [row["digit"] for row in rows(tmp_path / "table.csv")] == [7]
