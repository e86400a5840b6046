"""What the commands that train and measure have in common: a clear word where the training packages are missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.management.base import CommandError

from recognizer.errors import how_to_install


def needs_training(handle: Callable[..., None]) -> Callable[..., None]:
    """Turns a missing package of the extra `train` into an error that names the remedy."""

    @wraps(handle)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            handle(*args, **options)
        except ModuleNotFoundError as error:
            raise CommandError(f"The package {error.name} is missing. {how_to_install('train')}") from error

    return guarded
