"""Shows rows and progress in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from recognizer.bulk.wording import answer_of, escape_unprintable, name_of, text_of_answer
from recognizer.files import name_in_errors

INK_THRESHOLD = 96  # of 255: above it a pixel becomes a dot
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # bits of a Braille character's 4 × 2 dots
BRAILLE = 0x2800
MAX_WIDTH = 10_000  # columns of a table that is printed in full
CLOSED_PIPE = 141  # exit code: 128 and the number of SIGPIPE


class StandardOutput(Console):
    """Standard output. The run exits quietly when the reader closes the pipe, as `head` does."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):
            super().on_broken_pipe()  # redirects standard output to nowhere
        raise SystemExit(CLOSED_PIPE)


class RowPrinter:
    """A sink that prints rows. With `pictures`, each comes beside what the network saw, seven lines high."""

    needs = (
        *("file", "page", "confidence", "reason", "error"),
        *("digit", "probabilities", "seen"),
        *("text", "alternatives"),  # of numbers
    )

    def __init__(self, console: Console, pictures: bool) -> None:
        self.console = console
        self.pictures = pictures

    def write(self, batch: pa.RecordBatch) -> None:
        with name_in_errors("standard output"):
            self._print(batch)

    def _print(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            answer = Text.assemble((text_of_answer(row) or "–", "bold"), "  ", answer_of(row))
            name = escape_unprintable(name_of(row))
            if self.pictures and row.get("seen"):
                self._print_beside(braille(np.frombuffer(row["seen"], np.uint8).reshape(28, 28)), answer, name)
            else:
                self.console.print(answer, Text(name), sep="  ", soft_wrap=True)

    def _print_beside(self, picture: str, answer: Text, name: str) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_row(Text(picture), Text.assemble("\n\n", answer, "\n", name))
        self.console.print(table)


def print_in_full(console: Console, content: str | Table) -> None:
    """Print every column and letter, in a narrow terminal too. Widens the console for good."""
    needed = console.measure(content, options=console.options.update(max_width=MAX_WIDTH)).maximum
    console.width = max(console.width, needed)
    console.print(content)


def braille(picture: npt.NDArray[np.uint8]) -> str:
    """(28, 28) uint8, light ink on dark → seven lines of fourteen characters."""
    cells = (picture > INK_THRESHOLD).reshape(7, 4, 14, 2)
    codes = BRAILLE + np.einsum("rycx,yx->rc", cells, DOTS)
    return "\n".join("".join(map(chr, line)) for line in codes)


def show_progress(counts: Iterator[int], total: Callable[[], int | None], console: Console) -> Iterator[int]:
    """Yield the counts, and show a progress bar with the speed and the time left if this is a terminal."""
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
