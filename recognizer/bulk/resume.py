"""Where a run that was stopped goes on: what it has done is compared with the inputs, item by item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from recognizer.bulk.items import Item
from recognizer.bulk.outputs.output import Output, OutputError
from recognizer.bulk.rows import text_of

Done = tuple[str, int, int]  # a row's file and page, and the output's position after it


@dataclass(frozen=True)
class Left:
    """Items that are yet to be read, and how many of the inputs' come before them."""

    items: Iterable[Item]
    done: int = 0

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)


def left_to_do(items: Iterable[Item], output: Output) -> tuple[int, Left]:
    """The position in the output to go on from, and the items from there on.

    An item that was the last to have rows is read again if it could have more. Raises `OutputError` where the rows are
    not those of these items, which are in the order that they were in then.
    """
    rows, rest, position, done = _rows(output), iter(items), 0, 0
    row = next(rows, None)
    for item in rest:
        if row is None:
            return position, Left(chain([item], rest), done)
        _check(row, item, output)
        before, last = position, row
        position, row = row[2], next(rows, None)
        while item.page is None and row and row[0] == last[0] and row[1] > last[1]:
            position, last, row = row[2], row, next(rows, None)
        if row is None and item.page is None:
            return before, Left(chain([item], rest), done)
        done += 1
    if row:
        raise OutputError(f"{output.target} has rows of {row[0]}, which is no longer among the inputs; start anew")
    return position, Left((), done)


def _rows(output: Output) -> Iterator[Done]:
    for batch, positions in output.earlier(("file", "page")):
        files, pages = (batch.column(name).to_pylist() for name in ("file", "page"))
        yield from zip(files, pages, positions, strict=True)


def _check(row: Done, item: Item, output: Output) -> None:
    file, page, _ = row
    if file != text_of(item.file) or (item.page is not None and page != item.page):
        where = f"{item.file}, page {item.page}" if item.page else item.file
        raise OutputError(
            f"{output.target} goes on with {file}, page {page}, where the inputs have {where}: they have changed "
            "since; start anew"
        )
