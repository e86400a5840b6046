"""What the commands that train and measure have in common: a clear word where the training packages are missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.management.base import CommandError


def needs_training(handle: Callable[..., None]) -> Callable[..., None]:
    """Turns a missing package of the extra `train` into an error that names the remedy."""

    @wraps(handle)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            handle(*args, **options)
        except ModuleNotFoundError as error:
            remedy = "`make training`, or pip install 'digit-recognizer[train]'"
            raise CommandError(f"this needs the package {error.name}: {remedy}") from error

    return guarded
