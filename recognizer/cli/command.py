"""The command `digits` and its subcommands."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from recognizer.cli.bench import bench
from recognizer.cli.classify import classify
from recognizer.cli.eval import score_labelled
from recognizer.cli.importing import import_network
from recognizer.cli.info import info
from recognizer.cli.options import NumbersCommand
from recognizer.cli.train import train
from recognizer.recognizer import SHIPPED

DISTRIBUTION = "digit-recognizer"

app = typer.Typer(
    name="digits",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command(cls=NumbersCommand)(classify)
app.command("eval", cls=NumbersCommand)(score_labelled)
app.command()(info)
app.command()(bench)
app.command()(train)
app.command("import")(import_network)


def print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"digits {installed_version()}, model {SHIPPED}")
        raise typer.Exit


def installed_version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # run from a clone without installing it
        return "(not installed)"


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Recognize handwritten digits in images and pen strokes."""
