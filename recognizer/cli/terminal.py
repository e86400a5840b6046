"""Rows in a terminal, with the picture that the network saw beside each, and how far the run is."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from recognizer.bulk.wording import named, printable, told
from recognizer.files import name_in_errors

INKED = 96  # of 255: what counts as ink in one of the picture's dots
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # of a Braille character, four rows of two
BRAILLE = 0x2800
WIDEST = 10_000  # columns of a table that is printed in full
UNREAD = 141  # the exit code of what nobody reads on: 128 and SIGPIPE's number


class StandardOutput(Console):
    """Standard output. The run exits quietly when the reader closes the pipe, as `head` does."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):
            super().on_broken_pipe()  # so nothing is written any more
        raise SystemExit(UNREAD)


class Shown:
    """Prints rows as they come. `pictures`: whether each has its picture, seven lines high."""

    needs = ("file", "page", "digit", "confidence", "probabilities", "reason", "error", "seen")

    def __init__(self, console: Console, pictures: bool) -> None:
        self.console = console
        self.pictures = pictures

    def write(self, batch: pa.RecordBatch) -> None:
        with name_in_errors("standard output"):
            self._show(batch)

    def _show(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            answer = Text.assemble((str(row["digit"]) if row["digit"] is not None else "–", "bold"), "  ", told(row))
            name = printable(named(row))
            if self.pictures and row["seen"]:
                self._print(braille(np.frombuffer(row["seen"], np.uint8).reshape(28, 28)), answer, name)
            else:
                self.console.print(answer, Text(name), sep="  ", soft_wrap=True)

    def _print(self, picture: str, answer: Text, name: str) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_row(Text(picture), Text.assemble("\n\n", answer, "\n", name))
        self.console.print(table)


def print_in_full(console: Console, what: str | Table) -> None:
    """Every column and letter of it, however narrow the terminal is: the console is widened for good."""
    needed = console.measure(what, options=console.options.update(max_width=WIDEST)).maximum
    console.width = max(console.width, needed)
    console.print(what)


def braille(picture: npt.NDArray[np.uint8]) -> str:
    """(28, 28) uint8, light ink on dark → seven lines of fourteen characters."""
    cells = (picture > INKED).reshape(7, 4, 14, 2)
    codes = BRAILLE + np.einsum("rycx,yx->rc", cells, DOTS)
    return "\n".join("".join(map(chr, line)) for line in codes)


def watched(counts: Iterator[int], total: Callable[[], int | None], console: Console) -> Iterator[int]:
    """The same, while a bar says how many are done, how fast, and how long it will take; on a terminal alone."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=None, rate="")
        for count in counts:
            progress.update(bar, advance=count, total=total())
            speed = progress.tasks[0].speed
            progress.update(bar, rate=f"{speed:,.0f}/s" if speed else "")
            yield count
