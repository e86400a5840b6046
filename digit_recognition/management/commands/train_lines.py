"""`manage.py train_lines`: trains the network that reads whole numbers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.management.training import needs_training
from recognizer.errors import RecognizerError


class Command(BaseCommand):
    help = (
        "Train the network that reads lines of writing, on numbers composed of MNIST and pen digits, from the folder "
        "DIGITS_DATA or downloaded. Ctrl-C stops it; run the same command again to continue after the last whole "
        "epoch. A full training takes up to two hours on two cores."
    )
    requires_system_checks: list[str] = []  # training needs neither a database nor a model

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "preset", nargs="?", default="shipped", help="shipped (default), or smallest for a quick try"
        )
        parser.add_argument("--run", type=Path, help="folder for checkpoint and network (default: runs/NAME)")

    @needs_training
    def handle(self, **options: Any) -> None:
        from recognizer.training.numbers.config import PRESETS
        from recognizer.training.numbers.train import train
        from recognizer.training.progress import ProgressDisplay

        try:
            config = PRESETS[options["preset"]]
        except KeyError:
            raise CommandError(f"{options['preset']} is no preset; choose {' or '.join(PRESETS)}") from None
        run = options["run"] or Path("runs") / config.name
        try:
            with ProgressDisplay(config, self.stdout.write) as report:
                folder = train(config, run, report)
        except (RecognizerError, OSError) as error:  # OSError: a full disk
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                f"Stopped. {run} keeps all whole epochs. Run the same command again to continue."
            ) from None
        self.stdout.write(f"The network is in {folder}.")
