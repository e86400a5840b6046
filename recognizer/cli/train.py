"""`digits train`: the library's training, as `manage.py train_model` runs it, and several side by side."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.cli.errors import STOPPED, told_errors
from recognizer.cli.options import Address, Chosen
from recognizer.errors import RecognizerError, how_to_install

SOME_FAILED = 1

Seeds = Annotated[list[int] | None, typer.Option(help="Another seed than the preset's; several are several runs.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="NAME=VALUE in the configuration; several of a name are several runs.")
]


def train(
    preset: Annotated[str, typer.Argument(help="shipped, or smallest for a try.")] = "shipped",
    name: Annotated[str | None, typer.Option(help="The new model's name: digits_v9, say.")] = None,
    seed: Seeds = None,
    epochs: Annotated[int | None, typer.Option(help="Another number of epochs.")] = None,
    changes: Changes = None,
    run: Annotated[Path | None, typer.Option(help="Folder for checkpoint and plots; else runs/NAME-SEED.")] = None,
    output: Annotated[Path | None, typer.Option(help="The model's folder; else RUN/NAME.")] = None,
    engine: Chosen = Kind.LOCAL,
    ray_address: Address = None,
) -> None:
    """Train a model, with MNIST and pen digits from the folder that DIGITS_DATA names, else downloaded.

    Ctrl-C stops it, and the same command goes on after the last whole epoch. The shipped configuration takes about two
    hours on two cores.

    Several seeds or values are as many runs, one after the other, or with --engine ray side by side where the cluster
    has cores. One run over many machines: `torchrun … --no-python digits train`.
    """
    with told_errors():
        try:
            from recognizer.cli.sweep import trained
            from recognizer.training.request import configuration, requested_runs
        except ModuleNotFoundError as error:
            raise RecognizerError(f"The package {error.name} is missing. {how_to_install('train')}") from None
        asked = requested_runs(configuration(preset, name=name, epochs=epochs), seed or [], changes or [], run, output)
        failed = False
        try:
            for ended in trained(asked, Choice(engine, address=ray_address), typer.echo):
                if ended:
                    failed = failed or ended.failed
                    typer.echo(f"{ended.asked}: {ended.told}", err=ended.failed)
        except KeyboardInterrupt:
            kept = ", ".join(str(one.run) for one in asked)
            typer.echo(f"stopped; {kept}: all whole epochs are kept, the same command goes on from there", err=True)
            raise typer.Exit(STOPPED) from None
    raise typer.Exit(SOME_FAILED if failed else 0)
