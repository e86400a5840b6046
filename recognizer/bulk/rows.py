"""The rows that come out: their columns and types. Arrow batches of them are what engines hand to outputs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from recognizer.prediction import Prediction

SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("page", pa.int64()),  # from 1
        ("box", pa.list_(pa.float32())),  # left, top, right, bottom of the ink, px or the strokes' unit
        ("digit", pa.int8()),  # null where it declines, and `reason` says why
        ("confidence", pa.float32()),
        ("probabilities", pa.list_(pa.float32())),  # of the digits 0 to 9
        ("reason", pa.string()),
        ("model", pa.string()),
        ("milliseconds", pa.float32()),  # its share of the time that its batch took, decoding included
        ("error", pa.string()),  # why it could not be read; most of the others are null then
    ]
)
SPREAD = {"box": ["left", "top", "right", "bottom"], "probabilities": [f"p{digit}" for digit in range(10)]}
COLUMNS = [column for name in SCHEMA.names for column in SPREAD.get(name, [name])]  # of CSV
# What travels beside the rows, for those who show pictures or compare with labels, and is not written.
BESIDE = [
    pa.field("label", pa.string()),
    pa.field("seen", pa.binary()),  # (28, 28) uint8, 0 paper to 255 ink
]
KEPT = "kept"  # one column of an engine's rows that holds all columns kept of tables, whatever their names


@dataclass(frozen=True)
class Row:
    """One picture's answer, or its error."""

    file: str
    page: int
    answer: Prediction | None
    error: str | None
    milliseconds: float
    label: str | None
    kept: bytes | None = None  # see `kept.Kept`


def batch_of(rows: Iterable[Row], beside: list[str]) -> pa.RecordBatch:
    """The columns that are written, and these of `BESIDE`."""
    columns = SCHEMA.names + beside
    values = [_values(row) for row in rows]
    types = {field.name: field.type for field in (*SCHEMA, *BESIDE)}
    return pa.record_batch({name: pa.array([one[name] for one in values], types[name]) for name in columns})


def _values(row: Row) -> dict[str, Any]:
    answer = row.answer
    label = None if row.label is None else text_of(row.label)
    common = {"file": text_of(row.file), "page": row.page, "milliseconds": row.milliseconds, "label": label}
    if answer is None:
        error = None if row.error is None else text_of(row.error)
        return dict.fromkeys(SCHEMA.names) | common | {"error": error, "seen": None}
    return common | {
        "box": answer.box,
        "digit": answer.digit,
        "confidence": answer.confidence,
        "probabilities": answer.probabilities,
        "reason": answer.reason,
        "model": answer.model,
        "error": None,
        "seen": answer.seen.tobytes(),
    }


def written(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """An engine's rows → the columns that outputs write: ours and those of tables."""
    kept = batch.column(KEPT).flatten() if KEPT in batch.schema.names else []
    return pa.record_batch([*batch.select(SCHEMA.names).columns, *kept], names=schema.names)


def with_short_decimals(batch: pa.RecordBatch) -> pa.RecordBatch:
    """float32 → float64 that reads the same with the fewest decimals: 49.3 instead of 49.29999923706055.

    Read back and rounded to float32 it is the same number.
    """
    arrays = [_short(array) for array in batch.columns]
    return pa.record_batch(arrays, names=batch.schema.names)


def _short(array: pa.Array) -> pa.Array:
    """Arrow writes the shortest decimal that is the same float32."""
    if array.type == pa.float32():
        return array.cast(pa.string()).cast(pa.float64())
    if array.type == pa.list_(pa.float32()):
        return array.cast(pa.list_(pa.string())).cast(pa.list_(pa.float64()))
    return array


def text_of(name: str) -> str:
    """File names, and what JSON calls a string, need not be text; what is none is written as \\udcNN."""
    return name.encode("utf-8", "backslashreplace").decode()
