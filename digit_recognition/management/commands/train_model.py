"""`manage.py train_model`: parses, calls the library, shows how it goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer.errors import RecognizerError


class Command(BaseCommand):
    help = (
        "Train a model: MNIST and pen digits from the folder that DIGITS_DATA names, else downloaded. Ctrl-C stops it; "
        "the same command goes on after the last whole epoch. All takes about two hours on two cores."
    )
    requires_system_checks: list[str] = []  # no database and no model are needed to make a model

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset", nargs="?", default="shipped", help="shipped (default) or smallest, for a try")
        parser.add_argument("--name", help="the new model's name, digits_v9 say; a new set of weights is a new folder")
        parser.add_argument("--seed", type=int, help="another seed than the preset's")
        parser.add_argument("--epochs", type=int, help="another number of epochs than the preset's")
        parser.add_argument("--run", type=Path, help="folder for checkpoint and plots; default: runs/NAME-SEED")
        parser.add_argument("--output", type=Path, help="the model's folder; default: RUN/NAME")

    @needs_training
    def handle(self, **options: Any) -> None:
        from recognizer.training.progress import ProgressDisplay
        from recognizer.training.request import configuration, folders
        from recognizer.training.text import describe_training
        from recognizer.training.train import train

        try:
            config = configuration(options["preset"], **{name: options[name] for name in ("name", "seed", "epochs")})
            run, output = folders(config, options["run"], options["output"])
            with ProgressDisplay(config, self.stdout.write) as report:
                trained = train(config, run, output, report)
        except (RecognizerError, OSError) as error:  # OSError: a full disk
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(f"stopped; {run} keeps all whole epochs, the same command goes on from there") from None
        if trained:
            self.stdout.write(describe_training(trained, run))
