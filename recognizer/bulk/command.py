"""The command `digits`. Each of its commands parses, calls the library, prints."""

import typer

from recognizer.bulk.bench import bench
from recognizer.bulk.classify import classify
from recognizer.bulk.evaluate import evaluate
from recognizer.bulk.info import info
from recognizer.bulk.train import train

app = typer.Typer(
    name="digits",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Read digits that people wrote, on pictures and as strokes.",
)
app.command()(classify)
app.command("eval")(evaluate)
app.command()(info)
app.command()(bench)
app.command()(train)
