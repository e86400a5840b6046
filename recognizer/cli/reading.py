"""A run as the commands make it: an engine reads all, a bar shows how far it is, Ctrl-C stops it."""

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
from recognizer.bulk.stopping import Interrupted, stoppable
from recognizer.cli.terminal import watched
from recognizer.errors import RecognizerError


def read_all(
    sources: Sources, reading: Reading, choice: Choice, output: Output | None, sinks: list[Sink], resume: bool = False
) -> bool:
    """Whether all was read: Ctrl-C stops it, and what was read until then is kept.

    Raises `RecognizerError` where there was nothing to read; the output is as it was then.
    """
    finished = False
    sources = sources.whole() if choice.kind is Kind.RAY else sources
    with stoppable() as stop, choice.engine(sources, reading, stop) as engine:
        try:
            count = Count(sources)
            count.start()
            counts = run(stop.interrupting(sources.items()), engine, output, sinks, resume)
            rows = sum(watched(counts, lambda: count.total, Console(stderr=True)))
            finished = not stop()
            if finished and not rows:
                raise RecognizerError(nothing_in(sources))
        except Interrupted:
            finished = False
        finally:
            if output:
                output.close(finished)  # however it ends, what was written can be read
    return finished


def nothing_in(sources: Sources) -> str:
    places = ["standard input" if one == LIST else one for one in sources.inputs or [LIST]]
    return f"Nothing to read: no pictures in {', '.join(places)} (looked for {', '.join(one.name for one in PICTURES)})"


def standard_input() -> TextIO:
    """Paths need not be text, whatever the locale."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    return sys.stdin
