"""Registers the site's checks and its admin with Django, and creates the cache's table after `migrate`."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.core import checks
from django.core.management import call_command
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "mnist_django"
    default = True

    def ready(self) -> None:
        from mnist_django.checks import check_database_mode

        checks.register(check_database_mode, checks.Tags.security, deploy=True)
        # Django sends post_migrate for each app with models. Listening to `auth` alone runs this once.
        post_migrate.connect(create_cache_table, apps.get_app_config("auth"), dispatch_uid="mnist_django.cache")


class SiteAdminConfig(admin.AdminConfig):
    default = False
    default_site = "mnist_django.login.Site"


def create_cache_table(using: str, **kwargs: Any) -> None:
    """Create the cache's table if it does not exist, so that `migrate` is the only command to run."""
    call_command("createcachetable", database=using, verbosity=0)
