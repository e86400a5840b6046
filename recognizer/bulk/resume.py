"""Finds where an interrupted run continues, by comparing its rows with the inputs, item by item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from recognizer.bulk.items import Item
from recognizer.bulk.outputs.output import Output, OutputError
from recognizer.bulk.rows import text_of

WrittenRow = tuple[str, int, int]  # its file and page, and the output's position after it
REMEDY = "Use the same inputs as before, or start over with --force."


@dataclass(frozen=True)
class Remaining:
    """Items that are still to be read, and how many items before them are done."""

    items: Iterable[Item]
    done: int = 0

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)


def find_remaining(items: Iterable[Item], output: Output) -> tuple[int, Remaining]:
    """The output's position to continue at, and the items that remain.

    The last item with rows is read again if it may have more pages. Raises `OutputError` if the rows are not those of
    these items in this order.
    """
    rows, rest, position, done = _rows(output), iter(items), 0, 0
    row = next(rows, None)
    for item in rest:
        if row is None:
            return position, Remaining(chain([item], rest), done)
        _refuse_other_item(row, item, output)
        before, last = position, row
        position, row = row[2], next(rows, None)
        while item.page is None and row and row[0] == last[0] and row[1] > last[1]:
            position, last, row = row[2], row, next(rows, None)
        if row is None and item.page is None:
            return before, Remaining(chain([item], rest), done)
        done += 1
    if row:
        raise OutputError(f"{output.target} has rows of {row[0]}, which is no longer among the inputs. {REMEDY}")
    return position, Remaining((), done)


def _rows(output: Output) -> Iterator[WrittenRow]:
    for batch, positions in output.read_rows(("file", "page")):
        files, pages = (batch.column(name).to_pylist() for name in ("file", "page"))
        yield from zip(files, pages, positions, strict=True)


def _refuse_other_item(row: WrittenRow, item: Item, output: Output) -> None:
    file, page, _ = row
    if file != text_of(item.file) or (item.page is not None and page != item.page):
        expected = f"{item.file}, page {item.page}" if item.page else item.file
        raise OutputError(
            f"The inputs have changed: the next row of {output.target} is {file}, page {page}, but the next input is "
            f"{expected}. {REMEDY}"
        )
