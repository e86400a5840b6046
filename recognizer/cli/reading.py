"""One run of a command: an engine reads everything, a bar shows the progress, Ctrl-C stops it."""

import sys
from io import TextIOWrapper
from typing import TextIO

from rich.console import Console

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.counting import Count
from recognizer.bulk.inputs.formats import PICTURES
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.outputs.output import Output
from recognizer.bulk.run import Sink, run
from recognizer.bulk.stopping import Interrupted, handle_signals
from recognizer.cli.errors import NothingFound
from recognizer.cli.terminal import show_progress


def read_all(
    sources: Sources, reading: Reading, choice: Choice, output: Output | None, sinks: list[Sink], resume: bool = False
) -> bool:
    """Return True if everything was read, False if Ctrl-C stopped it; the rows until then are kept.

    Raises `NothingFound` if there was nothing to read, and leaves the output as it was.
    """
    finished = False
    sources = sources.with_list_read() if choice.kind is Kind.RAY else sources
    with handle_signals() as stop, choice.engine(sources, reading, stop) as engine:
        try:
            count = Count(sources)
            count.start()
            counts = run(stop.guard(sources.items()), engine, output, sinks, resume)
            rows = sum(show_progress(counts, lambda: count.total, Console(stderr=True)))
            finished = not stop()
            if finished and not rows:
                raise NothingFound(_nothing_found(sources))
        except Interrupted:
            finished = False
        finally:
            if output:
                output.close(finished)  # the rows so far can be read, however the run ends
    return finished


def standard_input() -> TextIO:
    """Standard input, with paths that need not be valid text in the locale's encoding."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    return sys.stdin


def _nothing_found(sources: Sources) -> str:
    places = ["standard input" if name == LIST else name for name in sources.inputs or [LIST]]
    kinds = ", ".join(kind.name for kind in PICTURES)
    return f"Nothing to read: no pictures in {', '.join(places)} (looked for {kinds})"
