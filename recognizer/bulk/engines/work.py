"""The tasks of a cluster that list and open files. They exchange tables of one cell, which Ray does not split."""

import os
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from recognizer.batching import batches
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import File, Sources
from recognizer.bulk.items import Item

CELL = "cell"
FEWEST, MOST = 512, 4096  # items in a batch for an actor
ITEMS_PER_ACTOR = 32  # in a batch, per actor of the run: the driver needs 30 ms per batch and serves all actors
BATCHES_PER_ACTOR = 8  # or more, so that all actors finish at about the same time
BYTES_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class Work:
    """A run, as each machine of the cluster gets it."""

    folder: Path  # file names are relative to it
    sources: Sources
    reading: Reading
    actors: int = 1

    def without_inputs(self) -> "Work":
        """The same without the list of inputs, which may be long, for tasks that get the names of files."""
        return replace(self, sources=replace(self.sources, inputs=()))

    def list_files(self, table: pa.Table) -> Iterator[pa.Table]:
        """Skip the items that are done. Yield batches of names of files, with the number of items to skip in each."""
        os.chdir(self.folder)
        given = 0
        for many, files in groupby(self._remaining_files(unpack(table)), lambda pair: self.sources.holds_many(pair[0])):
            while part := list(islice(files, 1 if many else self.batch_size(given))):
                given += len(part)
                yield pack(([file for file, _ in part], part[0][1]))

    def _remaining_files(self, done: int) -> Iterator[tuple[File, int]]:
        """Files with items to read, and how many of their items are done. Opens the files that `done` covers."""
        for file in self.sources.files():
            done_here = sum(1 for _ in islice(self.sources.items_in(file), done)) if done else 0
            done -= done_here
            if not done and (not done_here or self.sources.holds_many(file)):
                yield file, done_here

    def open_files(self, table: pa.Table) -> Iterator[pa.Table]:
        """Names of files → batches of their items. The actors open pictures themselves."""
        os.chdir(self.folder)
        files, done = unpack(table)
        items = islice(chain.from_iterable(map(self.sources.items_in, files)), done, None)
        yield from map(pack, self._batches(items, len(files)))

    def batch_size(self, given: int) -> int:
        """The size of the next batch after `given` items: small until each actor has had some batches."""
        most = min(max(FEWEST, ITEMS_PER_ACTOR * self.actors), MOST)
        return min(max(FEWEST, given // (BATCHES_PER_ACTOR * self.actors)), most)

    def _batches(self, items: Iterable[Item], least: int) -> Iterator[list[Item]]:
        """Batches of at least `least` items, unless their contents are too large."""
        return batches(items, lambda given: max(least, self.batch_size(given)), BYTES_AT_ONCE)


def pack(value: Any) -> pa.Table:
    return pa.table({CELL: pa.array([pickle.dumps(value, pickle.HIGHEST_PROTOCOL)], pa.large_binary())})


def unpack(table: pa.Table) -> Any:
    return pickle.loads(table[CELL][0].as_py())  # noqa: S301 - made by this run
