"""Items → rows, by one model: what each worker of each engine does. Knows nothing of processes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pyarrow as pa

import recognizer
from recognizer.batching import batches
from recognizer.bulk import limits
from recognizer.bulk.inputs.pages import Page, pages_of
from recognizer.bulk.inputs.remote import fetched
from recognizer.bulk.items import Item
from recognizer.bulk.kept import NOTHING_KEPT, Kept
from recognizer.bulk.outputs.sorting import put_copy
from recognizer.bulk.rows import KEPT, Row, batch_of
from recognizer.errors import InkError

BYTES_AT_ONCE = 1 << 25  # of decoded pictures
PAGES_AT_ONCE = 256


@dataclass(frozen=True)
class Reading:
    """What a reader needs, to be made anew in another process."""

    model: Path | None = None  # folder; None: the shipped one
    with_seen: bool = False  # whether rows bring the 28 × 28 picture that the network saw
    sort_into: Path | None = None  # folder that gets copies; see `sorting`
    kept: Kept = NOTHING_KEPT  # columns of tables that the rows bring


class Reader:
    """One a process: it holds the model. Raises `ModelError`.

    begins: called with an item's place among those that it is read with, before it is opened.
    """

    def __init__(self, reading: Reading, begins: Callable[[int], object] = lambda place: None) -> None:
        self.recognizer = recognizer.load(reading.model)
        self.reading = reading
        self.begins = begins

    def __call__(self, items: Iterable[Item]) -> pa.RecordBatch:
        """A row for each page of each item, in order; what cannot be read is a row with its error."""
        pages = self._pages(items)
        return rows_of([row for part in _timed(pages) for row in self._read(*part)], self.reading)

    def _pages(self, items: Iterable[Item]) -> Iterator[Page]:
        for place, item in enumerate(fetched(items)):
            self.begins(place)
            limits.restart_clock()
            for page in pages_of(item):
                yield page
                limits.restart_clock()

    def _read(self, pages: Sequence[Page], seconds: float) -> Iterator[Row]:
        started = perf_counter()
        inks = [page.ink for page in pages if not isinstance(page.ink, InkError)]
        answers = iter(self.recognizer.predict_checked(inks))
        found = [None if isinstance(page.ink, InkError) else next(answers) for page in pages]
        milliseconds = 1000 * (seconds + perf_counter() - started) / len(pages)
        for page, answer in zip(pages, found, strict=True):
            error = page.ink.message if isinstance(page.ink, InkError) else None
            if self.reading.sort_into and answer:
                put_copy(page, answer, self.reading.sort_into)
            yield Row(page.item.file, page.number, answer, error, milliseconds, page.item.label, page.item.kept)


def rows_of(rows: Sequence[Row], reading: Reading) -> pa.RecordBatch:
    """The columns that are written, and those that travel beside them."""
    batch = batch_of(rows, ["label"] + ["seen"] * reading.with_seen)
    if reading.kept.names:
        batch = batch.append_column(KEPT, reading.kept.column_of([row.kept for row in rows]))
    return batch


def failed(item: Item, error: str, reading: Reading) -> pa.RecordBatch:
    """The one row of an item that could not be read at all."""
    return rows_of([Row(item.file, item.page or 1, None, error, 0.0, item.label, item.kept)], reading)


def _timed(pages: Iterator[Page]) -> Iterator[tuple[list[Page], float]]:
    """As many as memory is meant to hold, and the seconds that it took to make them."""
    started = perf_counter()
    for part in batches(pages, PAGES_AT_ONCE, BYTES_AT_ONCE):
        yield part, perf_counter() - started
        started = perf_counter()
