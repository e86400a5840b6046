"""What the machines of a cluster are told and hand each other: tables of one cell, which Ray leaves whole."""

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
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.items import Item, Url

CELL = "cell"
LEAST_AT_ONCE, MOST_AT_ONCE = 512, 4096  # items that an actor is sent
FOR_EACH_ACTOR = 32  # so many items at once: each time costs the driver 30 ms, and it has all actors to serve
TIMES_FOR_EACH_ACTOR = 8  # that each is sent some, at least, so that none is left alone with the last ones
BYTES_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class Work:
    """What is to be done, as each machine of the cluster is told it."""

    folder: Path  # that the names of files are relative to
    sources: Sources
    reading: Reading
    actors: int = 1

    def without_names(self) -> "Work":
        """For those who are told the names of files: a list of them may be long."""
        return replace(self, sources=replace(self.sources, inputs=()))

    def walk(self, table: pa.Table) -> Iterator[pa.Table]:
        """Skip the items that are done; yield names of the other files, unopened, and how many of theirs are done."""
        os.chdir(self.folder)
        given = 0
        for many, files in groupby(self._left(unpacked(table)), lambda one: self.sources.holds_many(one[0])):
            while part := list(islice(files, 1 if many else self.at_once(given))):
                given += len(part)
                yield packed(([file for file, _ in part], part[0][1]))

    def _left(self, done: int) -> Iterator[tuple[Path | Url, int]]:
        """The files that have items left, and how many of theirs are done: those that hold many are opened for it."""
        for file in self.sources.files():
            of_this = sum(1 for _ in islice(self.sources.items_in(file), done)) if done else 0
            done -= of_this
            if not done and (not of_this or self.sources.holds_many(file)):
                yield file, of_this

    def open(self, table: pa.Table) -> Iterator[pa.Table]:
        """Names of files → their items, as many as an actor is sent at once. Pictures are left to the actors."""
        os.chdir(self.folder)
        files, done = unpacked(table)
        items = islice(chain.from_iterable(map(self.sources.items_in, files)), done, None)
        yield from map(packed, self._together(items, len(files)))

    def at_once(self, given: int) -> int:
        """How many items come together after so many: few, until each actor has had some."""
        most = min(max(LEAST_AT_ONCE, FOR_EACH_ACTOR * self.actors), MOST_AT_ONCE)
        return min(max(LEAST_AT_ONCE, given // (TIMES_FOR_EACH_ACTOR * self.actors)), most)

    def _together(self, items: Iterable[Item], least: int) -> Iterator[list[Item]]:
        """Items that an actor is sent at once; `least` of them, if their contents are not too large."""
        return batches(items, lambda given: max(least, self.at_once(given)), BYTES_AT_ONCE)


def packed(value: Any) -> pa.Table:
    return pa.table({CELL: pa.array([pickle.dumps(value, pickle.HIGHEST_PROTOCOL)], pa.large_binary())})


def unpacked(table: pa.Table) -> Any:
    return pickle.loads(table[CELL][0].as_py())  # noqa: S301 - our own, from this run
