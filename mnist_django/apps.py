"""What the site hooks into Django."""

from django.apps import AppConfig
from django.core import checks


class SiteConfig(AppConfig):
    name = "mnist_django"

    def ready(self) -> None:
        from mnist_django.checks import check_database_mode

        checks.register(check_database_mode, checks.Tags.security, deploy=True)
