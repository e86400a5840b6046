"""The command `digits`. Each of its commands parses, calls the library, prints."""

import typer

from recognizer.bulk.classify import classify

app = typer.Typer(
    name="digits",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Read digits that people wrote, on pictures and as strokes.",
)
app.command()(classify)


@app.callback()
def _digits() -> None:
    """One command would else be taken for all of them."""
