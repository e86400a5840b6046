"""How the commands end: their exit codes, and errors without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from recognizer.errors import RecognizerError

SOME_FAILED, USAGE_ERROR, STOPPED = 1, 2, 130  # exit codes


class NothingFound(RecognizerError):
    """A run without a single picture."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Print the errors that a user can fix, without a traceback, and exit with code 2, or 1 if nothing was found."""
    try:
        yield
    except NothingFound as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(SOME_FAILED) from None
    except (RecognizerError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(USAGE_ERROR) from None
