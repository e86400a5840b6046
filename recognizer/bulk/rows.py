"""The columns and types of rows. Engines pass them to outputs as Arrow batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from recognizer.numbers.reading import Digit, Reading
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
NUMBERS = pa.schema(  # with --numbers
    [
        *(SCHEMA.field(name) for name in ("file", "page", "box")),
        ("text", pa.string()),  # null if it declines; `reason` says why
        SCHEMA.field("confidence"),  # of the first alternative
        # Of each character of the first alternative, from left to right:
        ("characters", pa.list_(pa.string())),
        ("character_boxes", pa.list_(pa.list_(pa.float32()))),
        ("character_confidences", pa.list_(pa.float32())),  # of the digit read alone; null for signs, points and commas
        ("alternatives", pa.list_(pa.string())),  # the most probable texts, also if it declines
        ("alternative_confidences", pa.list_(pa.float32())),
        *(SCHEMA.field(name) for name in ("reason", "model", "milliseconds", "error")),
    ]
)
# In CSV, lists of these names become columns of numbers; other lists become JSON.
SPREAD = {"box": ["left", "top", "right", "bottom"], "probabilities": [f"p{digit}" for digit in range(10)]}
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
    answer: Prediction | Reading | None
    error: str | None
    milliseconds: float
    label: str | None
    kept: bytes | None = None  # see `kept.Kept`


def csv_columns(schema: pa.Schema) -> list[str]:
    return [column for name in schema.names for column in SPREAD.get(name, [name])]


def own_schema(names: Sequence[str]) -> pa.Schema:
    """The columns of ours in rows with these columns: `NUMBERS`, or else `SCHEMA`."""
    return NUMBERS if names[: len(NUMBERS)] == NUMBERS.names else SCHEMA


def own_schema_of_csv(names: Sequence[str]) -> pa.Schema | None:
    """As above, for the columns of a CSV; None if this program did not write it."""
    found = (ours for ours in (SCHEMA, NUMBERS) if names[: len(csv_columns(ours))] == csv_columns(ours))
    return next(found, None)


def batch_of(rows: Iterable[Row], schema: pa.Schema, unsaved: list[str]) -> pa.RecordBatch:
    """Rows → the columns of `SCHEMA` or `NUMBERS`, and some of `UNSAVED`."""
    columns = schema.names + unsaved
    values = [_values(row, schema) for row in rows]
    types = {field.name: field.type for field in (*schema, *UNSAVED)}
    return pa.record_batch({name: pa.array([row[name] for row in values], types[name]) for name in columns})


def _values(row: Row, schema: pa.Schema) -> dict[str, Any]:
    label = None if row.label is None else text_of(row.label)
    common = {"file": text_of(row.file), "page": row.page, "milliseconds": row.milliseconds, "label": label}
    error = None if row.error is None else text_of(row.error)
    return dict.fromkeys(schema.names) | common | {"error": error, "seen": None} | _values_of_answer(row.answer)


def _values_of_answer(answer: Prediction | Reading | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return (_digit_values(answer) if isinstance(answer, Prediction) else _number_values(answer)) | {
        "box": answer.box,
        "confidence": answer.confidence,
        "reason": answer.reason,
        "model": answer.model,
    }


def _digit_values(answer: Prediction) -> dict[str, Any]:
    return {"digit": answer.digit, "probabilities": answer.probabilities, "seen": answer.seen.tobytes()}


def _number_values(answer: Reading) -> dict[str, Any]:
    return {
        "text": answer.text,
        "characters": [character.text for character in answer.digits],
        "character_boxes": [character.box for character in answer.digits],
        "character_confidences": [_confidence(character) for character in answer.digits],
        "alternatives": [each.text for each in answer.alternatives],
        "alternative_confidences": [each.probability for each in answer.alternatives],
    }


def _confidence(character: Digit) -> float | None:
    """The chance that the digit model alone gives this digit, even if it thinks another more probable."""
    alone = character.prediction
    return None if alone is None else alone.probabilities[int(character.text)] * alone.digit_probability


def saved_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """An engine's rows → the columns that outputs save: ours and those of tables."""
    kept = batch.column(KEPT).flatten() if KEPT in batch.schema.names else []
    ours = own_schema(schema.names).names
    return pa.record_batch([*batch.select(ours).columns, *kept], names=schema.names)


def shorten_decimals(batch: pa.RecordBatch) -> pa.RecordBatch:
    """float32 → float64 with the fewest decimals: 49.3 instead of 49.29999923706055.

    Rounded to float32 again, it is the same number.
    """
    arrays = [_shorten(array) for array in batch.columns]
    return pa.record_batch(arrays, names=batch.schema.names)


def _shorten(array: pa.Array) -> pa.Array:
    """As a string, Arrow writes the shortest decimal that is the same float32."""
    for nest in (lambda kind: kind, pa.list_, lambda kind: pa.list_(pa.list_(kind))):
        if array.type == nest(pa.float32()):
            return array.cast(nest(pa.string())).cast(nest(pa.float64()))
    return array


def text_of(name: str) -> str:
    """File names and JSON strings may hold lone surrogates, which UTF-8 cannot: they become the text \\udcNN."""
    return name.encode("utf-8", "backslashreplace").decode()
