"""Items → rows, with one model. Every engine's workers do this. Knows no processes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pyarrow as pa

import recognizer
from recognizer.batching import batches
from recognizer.bulk import limits
from recognizer.bulk.inputs.pages import Page, pages_of
from recognizer.bulk.inputs.remote import fetch_remote
from recognizer.bulk.items import Item
from recognizer.bulk.kept import NO_COLUMNS, Kept
from recognizer.bulk.outputs.sorting import save_copy
from recognizer.bulk.rows import KEPT, NUMBERS, SCHEMA, Row, batch_of
from recognizer.errors import InkError
from recognizer.ink import Pixels, Strokes
from recognizer.numbers.reading import Allow
from recognizer.numbers.reading import Reading as NumberReading
from recognizer.prediction import Prediction

BYTES_AT_ONCE = 1 << 25  # decoded pictures
PAGES_AT_ONCE = 256


@dataclass(frozen=True)
class Reading:
    """The settings of a `Reader`, to send to other processes."""

    model: Path | None = None  # folder; None: the shipped one
    with_seen: bool = False  # add the column `seen`, the 28 × 28 picture that the network saw
    sort_into: Path | None = None  # folder for copies; see `sorting`
    kept: Kept = NO_COLUMNS  # table columns in the rows
    numbers: Allow | None = None  # what numbers may have; None: read digits

    @property
    def ours(self) -> pa.Schema:
        """The rows' columns but those of tables."""
        return NUMBERS if self.numbers else SCHEMA

    @property
    def schema(self) -> pa.Schema:
        """All columns of the rows."""
        return pa.schema([*self.ours, *self.kept.fields])


class Reader:
    """Holds the model; a process needs one. Raises `ModelError`.

    on_begin: called with an item's place in its batch, before the item is opened.
    """

    def __init__(self, reading: Reading, on_begin: Callable[[int], object] = lambda place: None) -> None:
        self.recognizer = recognizer.load(reading.model)
        if reading.numbers:
            self.recognizer.read_strokes([[]])  # loads the line network now, before the process limits its memory
        self.reading = reading
        self.on_begin = on_begin

    def __call__(self, items: Iterable[Item]) -> pa.RecordBatch:
        """One row for each page of each item, in order. A page that cannot be read becomes a row with its error."""
        pages = self._pages(items)
        return rows_of([row for part in _time_batches(pages) for row in self._read(*part)], self.reading)

    def _pages(self, items: Iterable[Item]) -> Iterator[Page]:
        for place, item in enumerate(fetch_remote(items)):
            self.on_begin(place)
            limits.restart_clock()
            for page in pages_of(item):
                yield page
                limits.restart_clock()

    def _read(self, pages: Sequence[Page], seconds: float) -> Iterator[Row]:
        started = perf_counter()
        inks = [page.ink for page in pages if not isinstance(page.ink, InkError)]
        answers = iter(self._answer(inks))
        found = [None if isinstance(page.ink, InkError) else next(answers) for page in pages]
        milliseconds = 1000 * (seconds + perf_counter() - started) / len(pages)
        for page, answer in zip(pages, found, strict=True):
            error = page.ink.message if isinstance(page.ink, InkError) else None
            if self.reading.sort_into and isinstance(answer, Prediction):
                save_copy(page, answer, self.reading.sort_into)
            yield Row(page.item.file, page.number, answer, error, milliseconds, page.item.label, page.item.kept)

    def _answer(self, inks: Sequence[Strokes | Pixels]) -> Sequence[Prediction | NumberReading]:
        if self.reading.numbers is None:
            return self.recognizer.predict_checked(inks)
        return [self._read_number(ink, self.reading.numbers) for ink in inks]

    def _read_number(self, ink: Strokes | Pixels, allow: Allow) -> NumberReading:
        limits.restart_clock()  # many lines take longer together than one thing may
        return self.recognizer.read(ink, allow)


def rows_of(rows: Sequence[Row], reading: Reading) -> pa.RecordBatch:
    """Rows → a batch with the saved columns, and the unsaved ones that `reading` asks for."""
    batch = batch_of(rows, reading.ours, ["label"] + ["seen"] * reading.with_seen)
    if reading.kept.names:
        batch = batch.append_column(KEPT, reading.kept.column_of([row.kept for row in rows]))
    return batch


def error_row(item: Item, error: str, reading: Reading) -> pa.RecordBatch:
    """The single row of an item that could not be read at all."""
    return rows_of([Row(item.file, item.page or 1, None, error, 0.0, item.label, item.kept)], reading)


def _time_batches(pages: Iterator[Page]) -> Iterator[tuple[list[Page], float]]:
    """Yield batches of pages that fit in memory, each with the seconds it took to make."""
    started = perf_counter()
    for part in batches(pages, PAGES_AT_ONCE, BYTES_AT_ONCE):
        yield part, perf_counter() - started
        started = perf_counter()
