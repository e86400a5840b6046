"""Reads settings from the environment strictly: an unclear value is an error, not a guess."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def boolean(name: str, default: bool) -> bool:
    """Return true, 1, yes or on as True; false, 0, no or off as False; `default` if the variable is unset.

    Raises `ImproperlyConfigured` for any other value.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false; set {name}=true or false") from None


def number(name: str, default: int) -> int:
    """Return a whole number from 0. Raises `ImproperlyConfigured` for anything else."""
    value = os.environ.get(name, str(default)).strip()
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number; set {name}=1, for example")
    return int(value)


def words(name: str, default: str) -> list[str]:
    """Return the members of a list separated by commas, without spaces around them and without empty ones."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    """Return a file path. Raises `ImproperlyConfigured` if the variable is set but empty."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty; set {name} to a path, or unset it for {default}")
    return Path(value)


def secret(name: str, default: str | None) -> str:
    """Return a secret. Raises `ImproperlyConfigured` if it is shorter than 32 characters, or unset without a default.

    The error does not show the secret.
    """
    value = os.environ.get(name, "")
    if not value and default is not None:
        return default
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"{name} must be set to at least 32 random characters when DEBUG is off; `make serve` makes and keeps one,"
            " or type: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return value
