"""Registers the app's system checks with Django, and the shipped models after each `migrate`."""

import warnings

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class DigitRecognitionConfig(AppConfig):
    name = "digit_recognition"
    verbose_name = gettext_lazy("Digit recognition")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from digit_recognition.checks import check_active, check_limits, check_shipped
        from digit_recognition.registry import register_shipped

        # Pillow warns of each odd tag in a picture: a picture of 700 kB can write 12 MB into the log.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
        checks.register(check_limits)
        checks.register(check_shipped)
        checks.register(check_active, checks.Tags.database)
        post_migrate.connect(register_shipped, sender=self, dispatch_uid="digit_recognition.register_shipped")
