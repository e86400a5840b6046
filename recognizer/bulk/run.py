"""One run from inputs to outputs: starts or resumes it, and passes the rows on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

import pyarrow as pa

from recognizer.bulk.items import Item
from recognizer.bulk.outputs.output import Output, OutputState
from recognizer.bulk.outputs.parts import Parts
from recognizer.bulk.resume import Remaining, find_remaining

COUNTED = "page"  # a column to count rows with, if no sink needs one
Engine = Callable[[Remaining], Iterator[pa.RecordBatch]]


@runtime_checkable
class PartsEngine(Protocol):
    """An engine whose workers write the parts themselves, so that no process has to collect all rows."""

    def write_parts(self, remaining: Remaining, parts: Parts, needs: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Write the rows, and yield them in order with the columns in `needs`."""


class Sink(Protocol):
    @property
    def needs(self) -> Sequence[str]:
        """The columns that it reads, if a batch has them."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Take rows in order. Rows of an earlier run have saved columns only."""


def run(
    items: Iterable[Item], engine: Engine, output: Output | None, sinks: Sequence[Sink], resume: bool = False
) -> Iterator[int]:
    """Read all items, or with `resume` those that an earlier run left; yield the number of rows in each batch.

    The caller closes the output; without items it is never opened. Raises `OutputError` if the earlier run had other
    items.
    """
    rest = iter(items)
    if (first := next(rest, None)) is None:
        return
    items = chain([first], rest)
    remaining = Remaining(items)
    needs = sorted({COUNTED, *(name for sink in sinks for name in sink.needs)})
    if output and resume and output.state() is not OutputState.EMPTY:
        ours = [name for name in output.ours.names if name in needs]
        position, remaining = find_remaining(items, output)
        output.open(position)
        for batch, _ in output.read_rows(ours) if position else ():
            yield from _feed(batch.select(ours), sinks)  # a kept column may be named like one in `needs`
    elif output:
        output.open()
    if isinstance(output, Parts) and isinstance(engine, PartsEngine):
        for batch in engine.write_parts(remaining, output, needs):
            yield from _feed(batch, sinks)
        return
    for batch in engine(remaining):
        if output:
            output.write(batch)
        yield from _feed(batch, sinks)


def _feed(batch: pa.RecordBatch, sinks: Sequence[Sink]) -> Iterator[int]:
    for sink in sinks:
        sink.write(batch.select([name for name in batch.schema.names if name in sink.needs]))
    yield batch.num_rows
