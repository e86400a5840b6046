"""One run from inputs to outputs: what goes on from where, who gets the rows, and when it ends."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

import pyarrow as pa

from recognizer.bulk.items import Item
from recognizer.bulk.outputs.output import Output, There
from recognizer.bulk.outputs.parts import Parts
from recognizer.bulk.resume import Left, left_to_do
from recognizer.bulk.rows import SCHEMA

COUNTED = "digit"  # a column to count rows by where nobody needs one
Engine = Callable[[Left], Iterator[pa.RecordBatch]]


@runtime_checkable
class WritesParts(Protocol):
    """An engine whose workers write where many can at once: the rows do not come together in one process."""

    def to_parts(self, left: Left, parts: Parts, needs: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows that are written, in order, with these columns."""


class Sink(Protocol):
    @property
    def needs(self) -> Sequence[str]:
        """The columns that it looks at, where they are there."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Takes rows, in order, with what it needs; of an earlier run, with no more than what was written."""


def run(
    items: Iterable[Item], engine: Engine, output: Output | None, sinks: Sequence[Sink], resume: bool = False
) -> Iterator[int]:
    """Reads all items, those left to do of an earlier run; gives the number of rows as they come.

    The caller closes the output; without items it is never opened. Raises `OutputError` where the earlier run was one
    of other items.
    """
    rest = iter(items)
    if (first := next(rest, None)) is None:
        return
    items = chain([first], rest)
    left = Left(items)
    needs = sorted({COUNTED, *(name for sink in sinks for name in sink.needs)})
    ours = [name for name in SCHEMA.names if name in needs]
    if output and resume and output.there() is not There.NOTHING:
        position, left = left_to_do(items, output)
        output.open(position)
        for batch, _ in output.earlier(ours) if position else ():
            yield from _given(batch.select(ours), sinks)  # a table's column may be called as one that sinks need
    elif output:
        output.open()
    if isinstance(output, Parts) and isinstance(engine, WritesParts):
        for batch in engine.to_parts(left, output, needs):
            yield from _given(batch, sinks)
        return
    for batch in engine(left):
        if output:
            output.write(batch)
        yield from _given(batch, sinks)


def _given(batch: pa.RecordBatch, sinks: Sequence[Sink]) -> Iterator[int]:
    for sink in sinks:
        sink.write(batch.select([name for name in batch.schema.names if name in sink.needs]))
    yield batch.num_rows
