"""Reads settings from the environment, strictly: a value that cannot be meant is refused, not guessed at."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def boolean(name: str, default: bool) -> bool:
    """`default` where the variable is unset; raises `ImproperlyConfigured` for anything but yes and no."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false; set {name}=true or false") from None


def number(name: str, default: int) -> int:
    """A whole number from 0; raises `ImproperlyConfigured` for anything else."""
    value = os.environ.get(name, str(default)).strip()
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number; set {name}=1, for example")
    return int(value)


def words(name: str, default: str) -> list[str]:
    """A list separated by commas; blanks around its members and empty members do not count."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    """A file path; raises `ImproperlyConfigured` where the variable is set but empty."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty; set {name} to a path, or unset it for {default}")
    return Path(value)


def secret(name: str, default: str | None) -> str:
    """The secret itself never stands in a message. Without a default it must be set, and be hard to guess."""
    value = os.environ.get(name, "")
    if not value and default is not None:
        return default
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"{name} must be set to at least 32 random characters when DEBUG is off; `make serve` makes and keeps one,"
            " or type: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return value
