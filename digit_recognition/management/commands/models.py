"""`manage.py models`: lists the registered models."""

from typing import Any

from django.core.management.base import BaseCommand

from digit_recognition.models import DigitModel


class Command(BaseCommand):
    help = "List the models: which one is in use, where each comes from, and how well it reads each test set."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        rows = list(DigitModel.objects.all())
        if not rows:
            self.stdout.write("No model is registered. Run `python manage.py migrate`.")
            return
        sets = list(dict.fromkeys(name for row in rows for name in row.accuracies))
        width = max(len(str(row)) for row in rows) + 2
        self.stdout.write(f"{'model':{width}}{'state':11}{'origin':10}SHA-256")
        for row in rows:
            self.stdout.write(f"{row.name:{width}}{row.state:11}{row.origin:10}{row.sha256[:12]}")
        for name in sets:
            self.stdout.write(f"\n{name}, digits read correctly")
            for row in rows:
                if name in row.accuracies:
                    self.stdout.write(f"  {row.name:{width}}{row.accuracies[name]:8.2%}")
