"""float32 columns are written with the fewest decimals that read back as the same number."""

import csv
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.rows import SCHEMA, shorten_decimals
from tests.support.bulk import item

FLOATS = [field.name for field in SCHEMA if "float" in str(field.type)]
VALUES = {
    "box": 49.3,
    "tenth": 0.1,
    "third": 1 / 3,
    "small": 1e-12,
    "smallest": 1e-45,
    "whole": 16777216,
    "largest": 3.4028235e38,
    "zero": 0,
}
each_value = pytest.mark.parametrize("value", [np.float32(value) for value in VALUES.values()], ids=[*VALUES])


def rows_of(value: np.float32, reader) -> pa.RecordBatch:
    """One row in which every float has this value."""
    batch = reader([item()]).select(SCHEMA.names)
    for name in FLOATS:
        field = SCHEMA.field(name)
        many = {"box": 4, "probabilities": 10}.get(name)
        column = pa.array([[value] * many if many else value], field.type)
        batch = batch.set_column(batch.schema.get_field_index(name), field, column)
    return batch


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
@example(49.3)
def test_the_fewest_decimals_read_back_as_the_same_number(value):
    written = shorten_decimals(pa.record_batch({"x": pa.array([value], pa.float32())}))["x"][0].as_py()
    assert np.float32(written) == np.float32(value)
    assert float(repr(written)) == float(str(np.float32(value)))


@each_value
@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.ndjson"])
def test_each_float_column_comes_back_to_the_last_bit(name, value, reader, tmp_path):
    batch = rows_of(value, reader)
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(batch)
    output.close(finished=False)
    ((found, _),) = output_for(f"{tmp_path}/{name}", resume=True).read_rows()
    assert found.equals(batch)


@each_value
def test_csv_and_jsonl_use_numpys_decimals(value, reader, tmp_path):
    for name in ("rows.csv", "rows.jsonl"):
        output = output_for(f"{tmp_path}/{name}")
        output.open()
        output.write(rows_of(value, reader))
        output.close(finished=True)
    with (tmp_path / "rows.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    line = json.loads((tmp_path / "rows.jsonl").read_text(), parse_float=str)
    expected = repr(float(str(value)))
    assert {row[name] for name in ("left", "confidence", "p9", "milliseconds")} == {expected}
    assert {line["confidence"], line["milliseconds"], *line["box"], *line["probabilities"]} == {expected}
