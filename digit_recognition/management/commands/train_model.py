"""`manage.py train_model`: parses, calls the library, shows its progress."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer.errors import RecognizerError


class Command(BaseCommand):
    help = (
        "Train a model on MNIST and pen digits, from the folder DIGITS_DATA or downloaded. Ctrl-C stops it; run the "
        "same command again to continue after the last whole epoch. A full training takes one to two hours on two "
        "cores."
    )
    requires_system_checks: list[str] = []  # training needs neither a database nor a model

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "preset",
            nargs="?",
            default="shipped",
            help="shipped (default), or smallest for a quick try",
        )
        parser.add_argument("--name", help="name of the new model and its folder, for example digits_v9")
        parser.add_argument("--seed", type=int, help="random seed (default: the preset's)")
        parser.add_argument("--epochs", type=int, help="number of epochs (default: the preset's)")
        parser.add_argument("--run", type=Path, help="folder for checkpoint and plots (default: runs/NAME-SEED)")
        parser.add_argument("--output", type=Path, help="the model's folder (default: RUN/NAME)")

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
            raise CommandError(
                f"Stopped. {run} keeps all whole epochs. Run the same command again to continue."
            ) from None
        if trained:
            self.stdout.write(describe_training(trained, run))
