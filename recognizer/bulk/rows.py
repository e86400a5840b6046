"""The columns and types of rows. Engines pass them to outputs as Arrow batches."""

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
        ("digit", pa.int8()),  # null if it declines; `reason` says why
        ("confidence", pa.float32()),
        ("probabilities", pa.list_(pa.float32())),  # of the digits 0 to 9
        ("reason", pa.string()),
        ("model", pa.string()),
        ("milliseconds", pa.float32()),  # its share of the time for its batch, including decoding
        ("error", pa.string()),  # why it could not be read; then most other columns are null
    ]
)
SPREAD = {"box": ["left", "top", "right", "bottom"], "probabilities": [f"p{digit}" for digit in range(10)]}
COLUMNS = [column for name in SCHEMA.names for column in SPREAD.get(name, [name])]  # of CSV
# Columns that sinks get but that are not saved.
UNSAVED = [
    pa.field("label", pa.string()),
    pa.field("seen", pa.binary()),  # (28, 28) uint8, 0 paper to 255 ink
]
KEPT = "kept"  # a struct column of an engine's rows: all kept table columns, whatever their names


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


def batch_of(rows: Iterable[Row], unsaved: list[str]) -> pa.RecordBatch:
    """Rows → the saved columns, and some of `UNSAVED`."""
    columns = SCHEMA.names + unsaved
    values = [_values(row) for row in rows]
    types = {field.name: field.type for field in (*SCHEMA, *UNSAVED)}
    return pa.record_batch({name: pa.array([row[name] for row in values], types[name]) for name in columns})


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


def saved_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """An engine's rows → the columns that outputs save: ours and those of tables."""
    kept = batch.column(KEPT).flatten() if KEPT in batch.schema.names else []
    return pa.record_batch([*batch.select(SCHEMA.names).columns, *kept], names=schema.names)


def shorten_decimals(batch: pa.RecordBatch) -> pa.RecordBatch:
    """float32 → float64 with the fewest decimals: 49.3 instead of 49.29999923706055.

    Rounded to float32 again, it is the same number.
    """
    arrays = [_shorten(array) for array in batch.columns]
    return pa.record_batch(arrays, names=batch.schema.names)


def _shorten(array: pa.Array) -> pa.Array:
    """As a string, Arrow writes the shortest decimal that is the same float32."""
    if array.type == pa.float32():
        return array.cast(pa.string()).cast(pa.float64())
    if array.type == pa.list_(pa.float32()):
        return array.cast(pa.list_(pa.string())).cast(pa.list_(pa.float64()))
    return array


def text_of(name: str) -> str:
    """File names and JSON strings may hold lone surrogates, which UTF-8 cannot: they become the text \\udcNN."""
    return name.encode("utf-8", "backslashreplace").decode()
