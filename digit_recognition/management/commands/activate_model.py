"""`manage.py activate_model`: parses, activates, prints."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digit_recognition.models import DigitModel
from recognizer.errors import ModelError


class Command(BaseCommand):
    help = "Use this model for all answers. All server processes follow within a second, without a restart."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("name", nargs="?", metavar="NAME", help="a name from `manage.py models`")
        choice.add_argument("--previous", action="store_true", help="go back to the model that was in use before")

    def handle(self, **options: Any) -> None:
        row = self._find_previous() if options["previous"] else self._find(options["name"])
        try:
            row.card  # noqa: B018 - loads the model
        except ModelError as error:
            raise CommandError(f"{row} cannot be used: {error}.") from error
        if row.active:
            self.stdout.write(f"{row} is in use already.")
            return
        row.activate()
        self.stdout.write(f"{row} is in use now. To go back: python manage.py activate_model --previous")

    def _find_previous(self) -> DigitModel:
        row = DigitModel.objects.previous()
        if row is None:
            raise CommandError("No other model was in use before. Choose one: python manage.py activate_model NAME")
        return row

    def _find(self, name: str) -> DigitModel:
        try:
            return DigitModel.objects.get(name=name)
        except DigitModel.DoesNotExist:
            names = ", ".join(DigitModel.objects.values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no model {name}. Registered: {names}.") from None
