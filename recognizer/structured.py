"""Converts JSON values to frozen dataclasses, checked by their type hints, and back. Knows no card."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def from_json(kind: type[Kind], value: Any, place: str = "") -> Kind:
    """Convert `value`, as `json.loads` returns it, to `kind`: a dataclass, or a type that its fields may have.

    Fields are str, int, float, bool, Literal, dict[str, X], tuple[X, ...], tuple[X, Y], dataclasses, and any of these
    or None. Unknown keys are ignored. Raises `ValueError`, which names the place, if a value does not fit its type.
    """
    result: Kind = _value(kind, value, place)
    return result


def to_json(value: Any) -> Any:
    """Convert a value back for `json.dumps`. Fields that hold their default are left out."""
    if is_dataclass(value):
        return {
            field.name: to_json(held)
            for field in fields(value)
            if (held := getattr(value, field.name)) != _default(field)
        }
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return [to_json(item) for item in value] if isinstance(value, tuple | list) else value


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _value(kind: Any, value: Any, place: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin in (UnionType, Union):
        return None if value is None and NoneType in inner else _value(inner[0], value, place)
    if origin is Literal:
        return value if value in inner else _refuse(value, place, f"one of {', '.join(map(repr, inner))}")
    if origin is dict:
        held = value if isinstance(value, dict) else _refuse(value, place, "an object")
        return {key: _value(inner[1], item, f"{place}.{key}") for key, item in held.items()}
    if origin is tuple:
        return _tuple(inner, value, place)
    return _dataclass(kind, value, place) if is_dataclass(kind) else _simple(kind, value, place)


def _tuple(inner: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    held = value if isinstance(value, list | tuple) else _refuse(value, place, "a list")
    kinds = [inner[0]] * len(held) if inner[-1] is Ellipsis else inner
    if len(kinds) != len(held):
        _refuse(value, place, f"a list of {len(kinds)}")
    return tuple(_value(kind, item, f"{place}[{at}]") for at, (kind, item) in enumerate(zip(kinds, held, strict=True)))


def _dataclass(kind: Any, value: Any, place: str) -> Any:
    held = value if isinstance(value, dict) else _refuse(value, place, "an object")
    needed = {field.name for field in fields(kind) if _default(field) is MISSING}
    if missing := needed - held.keys():
        raise ValueError(f"{place or 'it'} lacks {', '.join(sorted(missing))}")
    return kind(**{name: _value(hint, held[name], f"{place}.{name}") for name, hint in _hints(kind) if name in held})


@cache
def _hints(kind: Any) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in fields(kind)]


def _simple(kind: Any, value: Any, place: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and is_number:
        return float(value) if isinstance(value, float) or abs(value) < 1 << 53 else _refuse(value, place, "a number")
    if isinstance(value, kind) and (kind is not int or is_number):
        return value
    return _refuse(value, place, NAMES[kind])


NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def _refuse(value: Any, place: str, expected: str) -> Any:
    raise ValueError(f"{place.lstrip('.') or 'it'} is {str(value)[:100]!r}; expected {expected}")
