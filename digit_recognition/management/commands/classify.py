"""`manage.py classify`: passes its arguments to `digits classify`."""

import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognizer.errors import how_to_install


class Command(BaseCommand):
    help = "Read handwritten digits from images or strokes, like `digits classify`."
    requires_system_checks: list[str] = []  # it uses neither the database nor the active model

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER)

    def run_from_argv(self, argv: list[str]) -> None:
        """Skip Django's parser, which would take --help and --version for itself."""
        try:
            self.handle(arguments=argv[2:])
        except CommandError as error:
            sys.exit(f"CommandError: {error}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from recognizer.cli.command import app
        except ModuleNotFoundError as error:
            raise CommandError(f"classify needs the package {error.name}. {how_to_install('bulk')}") from error
        app(["classify", *map(str, options["arguments"] or args)], prog_name="manage.py")
