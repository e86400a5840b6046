"""`digits train`: the training of `manage.py train_model`, without Django, for one run or several."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.cli.errors import STOPPED, report_errors
from recognizer.cli.options import Address
from recognizer.errors import RecognizerError, how_to_install

SOME_FAILED = 1

Seeds = Annotated[
    list[int] | None, typer.Option(metavar="N", help="Random seed; repeat for several runs (default: the preset's).")
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a setting; repeat a name for several runs."),
]


def train(
    preset: Annotated[str, typer.Argument(help="shipped, or smallest for a quick test.")] = "shipped",
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the new model, such as digits_v9.")] = None,
    seed: Seeds = None,
    epochs: Annotated[int | None, typer.Option(metavar="N", help="Number of epochs (default: the preset's).")] = None,
    changes: Changes = None,
    run: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for checkpoint and plots (default: runs/NAME-SEED).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the model (default: RUN/NAME).")
    ] = None,
    engine: Annotated[Kind, typer.Option("--engine", help="Train here or on a Ray cluster.")] = Kind.LOCAL,
    ray_address: Address = None,
) -> None:
    """Train a model.

    MNIST and the pen digits come from the folder in the environment variable DIGITS_DATA, or are downloaded. The
    shipped preset takes one to two hours on two cores. After Ctrl-C, run the same command again to continue from the
    last finished epoch.

    Several seeds or values make several runs: one after the other, or with --engine ray side by side. To spread one
    run over several machines: `torchrun … --no-python digits train`.
    """
    with report_errors():
        try:
            from recognizer.cli.sweep import train_all
            from recognizer.training.request import configuration, requested_runs
        except ModuleNotFoundError as error:
            raise RecognizerError(f"Training needs the package {error.name}. {how_to_install('train')}") from None
        config = configuration(preset, name=name, epochs=epochs)
        trainings = requested_runs(config, seed or [], changes or [], run, output)
        failed = False
        try:
            for outcome in train_all(trainings, Choice(engine, address=ray_address), typer.echo):
                if outcome:
                    failed = failed or outcome.failed
                    typer.echo(f"{outcome.training}: {outcome.text}", err=outcome.failed)
        except KeyboardInterrupt:
            folders = ", ".join(str(training.run) for training in trainings)
            typer.echo(
                f"Stopped. Finished epochs are saved in {folders}. Run the same command again to continue.", err=True
            )
            raise typer.Exit(STOPPED) from None
    raise typer.Exit(SOME_FAILED if failed else 0)
