"""Columns of Parquet tables keep their types in Parquet, and are JSON or text elsewhere."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.texts import json_values
from tests.support.commands import classify
from tests.support.rows import make_table, read_columns

pytestmark = pytest.mark.usefixtures("read_here")

NOON = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
TYPED = {  # values in Parquet, in JSONL, in CSV
    "number": ([7], 7, "7"),
    "share": (pa.array([0.1], pa.float32()), 0.1, "0.1"),
    "yes": ([True], True, "true"),
    "raw": ([b"ab"], "YWI=", "YWI="),
    "day": ([NOON.date()], "2024-02-29", "2024-02-29"),
    "price": ([Decimal("1.50")], "1.50", "1.50"),
    "nested": ([{"a": [1, None], "b": b"ab"}], {"a": [1, None], "b": "YWI="}, '{"a": [1, null], "b": "YWI="}'),
    "nanoseconds": (pa.array([1], pa.timestamp("ns")), *["1970-01-01T00:00:00.000000001"] * 2),
    "zoned": (pa.array([NOON], pa.timestamp("s", "Europe/Berlin")), *["2024-02-29T12:00:00.000Z"] * 2),
    "category": (pa.array(["x"]).dictionary_encode(), "x", "x"),
    "infinite": ([float("inf")], None, ""),
    "nothing": ([None], None, ""),
}


@pytest.mark.parametrize(("output", "place"), [("rows.jsonl", 1), ("rows.csv", 2)])
def test_a_column_of_parquet_is_json_in_jsonl_and_text_in_csv(output, place, picture_folder):
    make_table("t.parquet", {"file": ["a.png"], **{name: values for name, (values, *_) in TYPED.items()}})
    assert classify("t.parquet", "--output", output).exit_code == 0
    assert read_columns(output, *TYPED) == [tuple(each[place] for each in TYPED.values())]


@pytest.mark.parametrize("output", ["rows.parquet", "rows.parquet/"])
def test_a_column_of_parquet_keeps_its_type_and_values_in_parquet(output, picture_folder):
    make_table("t.parquet", {"file": ["a.png"], **{name: values for name, (values, *_) in TYPED.items()}})
    assert classify("t.parquet", "--output", output).exit_code == 0
    given, found = pq.read_table("t.parquet"), pq.read_table(output)
    for name in set(TYPED) - {"category"}:
        assert found[name].equals(given[name]), name
    assert found["category"].to_pylist() == ["x"]


def test_nested_times_and_keys_of_maps_are_json():
    times = pa.array([[NOON], None], pa.list_(pa.timestamp("us", "UTC")))
    pairs = pa.array([[(1, NOON.date())]], pa.map_(pa.int32(), pa.date32()))
    assert json_values(times) == [["2024-02-29T12:00:00.000000Z"], None]
    assert json_values(pairs) == [{"1": "2024-02-29"}]
