"""Shared by the commands that train and measure: a clear error if the training packages are missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.management.base import CommandError

from recognizer.errors import how_to_install


def needs_training(handle: Callable[..., None]) -> Callable[..., None]:
    """Turn a missing package of the extra `train` into an error that names the remedy."""

    @wraps(handle)
    def handle_or_explain(*args: Any, **options: Any) -> None:
        try:
            handle(*args, **options)
        except ModuleNotFoundError as error:
            raise CommandError(f"The package {error.name} is missing. {how_to_install('train')}") from error

    return handle_or_explain
