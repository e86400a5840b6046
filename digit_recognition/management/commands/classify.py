"""`manage.py classify`: hands what is typed on to `digits classify`, of which it has every option."""

import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognizer.errors import how_to_install


class Command(BaseCommand):
    help = "Read folders, archives and tables of digits: the same as `digits classify`."
    requires_system_checks: list[str] = []  # neither database nor registry is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER)

    def run_from_argv(self, argv: list[str]) -> None:
        """Its own parser would keep --help and --version for itself."""
        try:
            self.handle(arguments=argv[2:])
        except CommandError as error:
            sys.exit(f"CommandError: {error}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from recognizer.cli.command import app
        except ModuleNotFoundError as error:
            raise CommandError(f"The package {error.name} is missing. {how_to_install('bulk')}") from error
        app(["classify", *map(str, options["arguments"] or args)], prog_name="manage.py")
