"""Converts Arrow values of any type to text and JSON, for rows in CSV and JSONL."""

import json
import math
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from pyarrow import types

Change = Callable[[pa.DataType], pa.DataType]


def texts_of(array: pa.Array) -> list[str | None]:
    """Strings unchanged, other values as JSON."""
    return [text_of_json(value) for value in json_values(array)]


def text_of_json(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def json_values(array: pa.Array) -> list[Any]:
    """None, bool, int, float, str, lists and dicts. Bytes become base64, times ISO 8601, decimals text."""
    kind = without_categories(array).type
    simple = without_categories(array).cast(_change_leaves(kind, _first_cast)).cast(_change_leaves(kind, _second_cast))
    return [_json(value, kind) for value in simple.to_pylist()]


def without_categories(array: pa.Array) -> pa.Array:
    """Replace categories by their values, and extension types by their storage."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    return array.cast(_change_leaves(array.type, _plain))


def _change_leaves(kind: pa.DataType, change: Change) -> pa.DataType:
    """Apply `change` to the innermost types."""
    if types.is_struct(kind):
        return pa.struct([field.with_type(_change_leaves(field.type, change)) for field in kind])
    if types.is_map(kind):
        return pa.map_(_change_leaves(kind.key_type, change), _change_leaves(kind.item_type, change))
    if types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(_change_leaves(kind.value_type, change)), kind.list_size)
    if types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_change_leaves(kind.value_type, change)))
    if types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_change_leaves(kind.value_type, change)))
    return change(kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return _change_leaves(kind.storage_type, _plain)
    return _change_leaves(kind.value_type, _plain) if types.is_dictionary(kind) else kind


def _first_cast(kind: pa.DataType) -> pa.DataType:
    """Times to UTC, since this machine may not know their zone; floats to text, since Arrow writes the shortest."""
    if types.is_timestamp(kind):
        return pa.timestamp(kind.unit)
    if types.is_duration(kind):
        return pa.int64()
    return pa.string() if _is_short_float(kind) else kind


def _second_cast(kind: pa.DataType) -> pa.DataType:
    if types.is_duration(kind):
        return pa.int64()
    if types.is_temporal(kind) or types.is_decimal(kind):
        return pa.string()
    return pa.float64() if _is_short_float(kind) else kind


def _is_short_float(kind: pa.DataType) -> bool:
    return bool(types.is_float16(kind) or types.is_float32(kind))


def _json(value: Any, kind: pa.DataType) -> Any:
    """kind: the type before the casts."""
    if value is None:
        return None
    if types.is_struct(kind):
        return {field.name: _json(value[field.name], field.type) for field in kind}
    if types.is_map(kind):
        return {text_of_json(_json(key, kind.key_type)) or "": _json(item, kind.item_type) for key, item in value}
    if isinstance(value, list):
        return [_json(element, kind.value_type) for element in value]
    if types.is_timestamp(kind):
        return value.replace(" ", "T") + "Z" * bool(kind.tz)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return None if isinstance(value, float) and not math.isfinite(value) else value
