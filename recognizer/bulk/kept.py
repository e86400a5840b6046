"""The other columns of tables, which rows keep: which, of what type, under what name. Opens no file.

A table's row becomes one Arrow message that travels with its item, so that every type arrives as it was.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import pyarrow as pa

from recognizer.bulk.rows import COLUMNS, SCHEMA
from recognizer.bulk.texts import texts_of, without_categories
from recognizer.errors import RecognizerError

RESERVED = {*SCHEMA.names, *COLUMNS}

NO_FIELDS = pa.schema([])


@dataclass(frozen=True)
class Header:
    """The columns of a table. picture: the one with paths or bytes, which rows do not repeat."""

    schema: pa.Schema
    picture: str


@dataclass(frozen=True)
class Kept:
    """names: in the tables; fields: their names and types in the rows, in the same order."""

    names: tuple[str, ...] = ()
    fields: pa.Schema = NO_FIELDS

    @property
    def schema(self) -> pa.Schema:
        """Of rows."""
        return pa.schema([*SCHEMA, *self.fields])

    def rows_of(self, batch: pa.RecordBatch, picture: str) -> Iterator[bytes | None]:
        """The kept values of each row of a table. Raises `ArrowInvalid` where they are damaged."""
        if not self.names:
            return repeat(None, batch.num_rows)
        columns = [self._column(batch, name, picture) for name in self.names]
        kept = pa.record_batch(columns, schema=self.fields)
        kept.validate(full=True)
        return (kept.slice(row, 1).serialize().to_pybytes() for row in range(len(kept)))

    def column_of(self, rows: Sequence[bytes | None]) -> pa.StructArray:
        """What `rows_of` gave → one column; None is a row that no table has."""
        if not rows:
            return pa.array([], pa.struct(self.fields))
        nulls = pa.record_batch([pa.nulls(1, field.type) for field in self.fields], schema=self.fields)
        batches = [nulls if row is None else pa.ipc.read_record_batch(row, self.fields) for row in rows]
        return pa.concat_batches(batches).to_struct_array()

    def _column(self, batch: pa.RecordBatch, name: str, picture: str) -> pa.Array:
        wanted, names = self.fields.types[self.names.index(name)], batch.schema.names
        if name == picture or name not in names:
            return pa.nulls(batch.num_rows, wanted)
        found = without_categories(batch.column(names.index(name)))
        if found.type == wanted:
            return found
        if wanted == pa.string():
            return pa.array(texts_of(found), wanted)
        try:
            return found.cast(wanted)
        except pa.ArrowException:  # a table from a list, which was not there when the types were chosen
            return pa.nulls(batch.num_rows, wanted)


NOTHING_KEPT = Kept()


def kept_of(headers: Iterable[Header], wanted: Sequence[str] | None) -> Kept:
    """wanted: as typed, names with commas between; None: every column. Raises `RecognizerError` for unknown ones."""
    types: dict[str, pa.DataType] = {}
    for header in headers:
        for field in header.schema:
            if field.name != header.picture:
                types[field.name] = _common(types.get(field.name, pa.null()), field.type)
    if wanted is not None:
        chosen = _names(wanted)
        _refuse_unknown(chosen, types)
        types = {name: kind for name, kind in types.items() if name in chosen}
    names = _output_names(list(types))
    return Kept(tuple(types), pa.schema(list(zip(names, types.values(), strict=True))))


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, or where that is taken the first of NAME_2, NAME_3 … that is not."""
    taken, tried, number = set(taken), name, 1
    while tried in taken:
        number += 1
        tried = f"{name}_{number}"
    return tried


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    other = without_categories(pa.array([], other)).type
    if one == other or pa.types.is_null(other):
        return one
    return other if pa.types.is_null(one) else pa.string()


def _names(typed: Sequence[str]) -> list[str]:
    """A name with a comma stands in quotes, as in a CSV."""
    return [name for record in csv.reader(typed, skipinitialspace=True) for name in record if name]


def _refuse_unknown(chosen: Sequence[str], there: Iterable[str]) -> None:
    if unknown := [name for name in chosen if name not in there]:
        columns = ", ".join(there) or "none"
        raise RecognizerError(
            f"--keep {unknown[0]}: no table has this column beside its pictures. There are: {columns}."
        )


def _output_names(names: list[str]) -> list[str]:
    plain = {name for name in names if name not in RESERVED}
    taken = RESERVED | plain
    found = []
    for name in names:
        found.append(name if name in plain else unique(f"input_{name}", taken))
        taken.add(found[-1])
    return found
