"""`manage.py import_model`: parses, calls the app, prints."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.imports import import_file
from recognizer.card import ModelCard
from recognizer.errors import RecognizerError
from recognizer.importing.comparison import compare
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED


class Command(BaseCommand):
    help = (
        "Import a network of digits that you trained: a Keras file (.h5, .keras), an ONNX file or a torch.export file "
        "(.pt2). It is measured, and compared with the shipped model. To use it, run `activate_model NAME`."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the network")
        parser.add_argument("--name", help="the model's name (default: the file's name without its ending)")

    def handle(self, **options: Any) -> None:
        try:
            row = import_file(options["file"], options["name"], self.stdout.write)
            cards = [ModelCard.read(row.path.parent), ModelCard.read(MODELS / SHIPPED)]
        except RecognizerError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(compare(*cards))
        self.stdout.write(f"{row} is a candidate. To use it: python manage.py activate_model {row}")
