"""Columns of input tables that the rows keep: which ones, their types and their names. Opens no file.

The kept values of a table's row are one Arrow message that travels with the item, so that types do not change.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import pyarrow as pa

from recognizer.bulk.rows import SCHEMA, csv_columns
from recognizer.bulk.texts import texts_of, without_categories
from recognizer.errors import RecognizerError

NO_FIELDS = pa.schema([])


@dataclass(frozen=True)
class Header:
    """The columns of a table. picture: the one with paths or bytes, which rows do not keep."""

    schema: pa.Schema
    picture: str


@dataclass(frozen=True)
class Kept:
    """Kept columns. names: in the tables; fields: names and types in the rows, in the same order."""

    names: tuple[str, ...] = ()
    fields: pa.Schema = NO_FIELDS

    def rows_of(self, batch: pa.RecordBatch, picture: str) -> Iterator[bytes | None]:
        """Yield the kept values of each row of a table. Raises `ArrowInvalid` for damaged values."""
        if not self.names:
            return repeat(None, batch.num_rows)
        columns = [self._column(batch, name, picture) for name in self.names]
        kept = pa.record_batch(columns, schema=self.fields)
        kept.validate(full=True)
        return (kept.slice(row, 1).serialize().to_pybytes() for row in range(len(kept)))

    def column_of(self, rows: Sequence[bytes | None]) -> pa.StructArray:
        """Values from `rows_of` → one column. None stands for a row that is from no table."""
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
        except pa.ArrowException:  # the table is named by a list, so its types were unknown when types were chosen
            return pa.nulls(batch.num_rows, wanted)


NO_COLUMNS = Kept()


def choose_columns(headers: Iterable[Header], wanted: Sequence[str] | None, ours: pa.Schema = SCHEMA) -> Kept:
    """Choose the columns to keep. wanted: names as typed, separated by commas; None: every column.

    ours: the rows' other columns, whose names are taken.
    Raises `RecognizerError` for an unknown name.
    """
    types: dict[str, pa.DataType] = {}
    for header in headers:
        for field in header.schema:
            if field.name != header.picture:
                types[field.name] = _common_type(types.get(field.name, pa.null()), field.type)
    if wanted is not None:
        chosen = _split_names(wanted)
        _refuse_unknown(chosen, types)
        types = {name: kind for name, kind in types.items() if name in chosen}
    names = _names_in_rows(list(types), {*ours.names, *csv_columns(ours)})
    return Kept(tuple(types), pa.schema(list(zip(names, types.values(), strict=True))))


def unique_name(name: str, taken: Iterable[str]) -> str:
    """The name, or if that is taken the first free one of NAME_2, NAME_3 and so on."""
    taken, tried, number = set(taken), name, 1
    while tried in taken:
        number += 1
        tried = f"{name}_{number}"
    return tried


def _common_type(first: pa.DataType, second: pa.DataType) -> pa.DataType:
    second = without_categories(pa.array([], second)).type
    if first == second or pa.types.is_null(second):
        return first
    return second if pa.types.is_null(first) else pa.string()


def _split_names(typed: Sequence[str]) -> list[str]:
    """Split at commas. A name that holds a comma stands in quotes, as in CSV."""
    return [name for record in csv.reader(typed, skipinitialspace=True) for name in record if name]


def _refuse_unknown(chosen: Sequence[str], available: Iterable[str]) -> None:
    if unknown := [name for name in chosen if name not in available]:
        columns = ", ".join(available) or "none"
        raise RecognizerError(f"--keep {unknown[0]}: no table has this column to keep. Available: {columns}.")


def _names_in_rows(names: list[str], reserved: set[str]) -> list[str]:
    plain = {name for name in names if name not in reserved}
    taken = reserved | plain
    found = []
    for name in names:
        found.append(name if name in plain else unique_name(f"input_{name}", taken))
        taken.add(found[-1])
    return found
