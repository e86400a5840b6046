"""Rows and tables: written, read back and compared."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.rows import SCHEMA


def read_rows(file):
    output = output_for(file, resume=True)
    return [row for batch, _ in output.read_rows() for row in batch.to_pylist()]


def engine(reader, size=2):
    def read(items):
        items = list(items)
        return (reader(items[start : start + size]) for start in range(0, len(items), size))

    return read


def make_table(name, columns):
    if name.endswith("parquet"):
        pq.write_table(pa.table(columns), name)
        return
    with Path(name).open("w", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])


def read_table(name):
    """All rows with the columns of tables, read as any program would."""
    if name.rstrip("/").endswith("parquet"):
        return pq.read_table(name).to_pylist()
    with Path(name).open(newline="") as file:
        return list(csv.DictReader(file)) if name.endswith("csv") else [json.loads(line) for line in file]


def read_columns(name, *columns):
    return [tuple(row[column] for column in columns) for row in read_table(name)]


def assert_same(output, expected) -> None:
    found = pq.read_table(output)
    assert found.schema == expected.schema
    for name in set(SCHEMA.names) - {"milliseconds", "confidence", "probabilities"}:
        assert found[name].equals(expected[name]), name
    for name in ("confidence", "probabilities"):
        assert found[name].is_valid().equals(expected[name].is_valid())
        ours, theirs = (
            np.concatenate([np.ravel(row) for row in table[name].drop_null().to_pylist()])
            for table in (found, expected)
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=0)


def answers(rows):
    """Return each row's page, digit, reason and error."""
    return [(row["page"], row["digit"], row["reason"], row["error"]) for row in rows]
