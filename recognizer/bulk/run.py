"""One run from inputs to outputs: what goes on from where, who gets the rows, and when it ends."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import pyarrow as pa

from recognizer.bulk.items import Item
from recognizer.bulk.outputs import Output
from recognizer.bulk.resume import Left, left_to_do

Engine = Callable[[Left], Iterator[pa.RecordBatch]]


class Sink(Protocol):
    def write(self, batch: pa.RecordBatch) -> None:
        """Takes rows, in order; those of an earlier run bring no more than what was written."""


def run(
    items: Iterable[Item], engine: Engine, output: Output | None, sinks: Sequence[Sink], resume: bool = False
) -> Iterator[int]:
    """Reads all items, those left to do of an earlier run; gives the number of rows as they come.

    The caller closes the output. Raises `OutputError` where the earlier run was one of other items.
    """
    left = Left(items)
    if output and resume and (output.file.exists() or output.unfinished.exists()):
        position, left = left_to_do(items, output)
        output.open(position)
        for batch, _ in output.earlier() if position else ():
            yield from _given(batch, sinks)
    elif output:
        output.open()
    for batch in engine(left):
        yield from _given(batch, [output, *sinks] if output else sinks)


def _given(batch: pa.RecordBatch, sinks: Sequence[Sink]) -> Iterator[int]:
    for sink in sinks:
        sink.write(batch)
    yield batch.num_rows
