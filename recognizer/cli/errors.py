"""How the commands end: exit codes, and errors without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from recognizer.errors import RecognizerError

SOME_BROKEN, WRONG, STOPPED = 1, 2, 130  # exit codes


@contextmanager
def told_errors() -> Iterator[None]:
    """Errors that say what to do, without a traceback."""
    try:
        yield
    except (RecognizerError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(WRONG) from None
