"""`digits train`: the library's training, as `manage.py train_model` runs it."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.classify import STOPPED, told_errors
from recognizer.errors import RecognizerError


def train(
    preset: Annotated[str, typer.Argument(help="shipped, or smallest for a try.")] = "shipped",
    name: Annotated[str | None, typer.Option(help="The new model's name: digits_v9, say.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed than the preset's.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Another number of epochs.")] = None,
    run: Annotated[Path | None, typer.Option(help="Folder for checkpoint and plots; else runs/NAME-SEED.")] = None,
    output: Annotated[Path | None, typer.Option(help="The model's folder; else RUN/NAME.")] = None,
) -> None:
    """Train a model, with MNIST and pen digits from the folder that DIGITS_DATA names, else downloaded.

    Ctrl-C stops it, and the same command goes on after the last whole epoch. The shipped configuration takes about two
    hours on two cores.
    """
    with told_errors():
        try:
            from recognizer.training import train as training
            from recognizer.training.progress import Watched
            from recognizer.training.request import configuration, folders
        except ModuleNotFoundError as error:
            raise RecognizerError(f"{error.name} is missing: pip install 'digit-recognizer[train]'") from None
        config = configuration(preset, name=name, seed=seed, epochs=epochs)
        kept, target = folders(config, run, output)
        try:
            with Watched(config, typer.echo) as report:
                trained = training.train(config, kept, target, report)
        except KeyboardInterrupt:
            typer.echo(f"stopped; {kept} keeps all whole epochs, the same command goes on from there", err=True)
            raise typer.Exit(STOPPED) from None
        typer.echo(f"{trained.folder}: the model, its card and its scores\n{kept / 'plots'}: the plots")
