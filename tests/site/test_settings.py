"""Settings from the environment are strict, and their defaults are safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mnist_django import environment

ROOT = Path(__file__).parents[2]
NAMES = {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "DATABASE", "STATIC_ROOT"}


def setting(name, **variables):
    """The setting in a fresh process with these variables, or the error that ends it."""
    clean = {key: value for key, value in os.environ.items() if key not in NAMES}
    code = f"from mnist_django import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean | variables, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_debug_is_on_right_after_clone():
    assert setting("DEBUG") == "True"


def test_without_debug_a_secret_key_is_required():
    assert "SECRET_KEY must be set" in setting("DEBUG", DEBUG="false")


def test_a_short_secret_key_is_refused_and_not_printed():
    error = setting("DEBUG", DEBUG="false", SECRET_KEY="guess-me")
    assert "at least 32" in error
    assert "guess-me" not in error


def test_static_files_are_hashed_outside_debug():
    storages = setting("STORAGES", DEBUG="false", SECRET_KEY="x" * 40)
    assert "HashedStaticFiles" in storages


@pytest.mark.parametrize("value", ["", "maybe", "2", "truee"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch, value):
    monkeypatch.setenv("SWITCH", value)
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        environment.boolean("SWITCH", default=True)


@pytest.mark.parametrize(("value", "meant"), [("True", True), ("1", True), ("on", True), (" no ", False), ("0", False)])
def test_switches_are_read(monkeypatch, value, meant):
    monkeypatch.setenv("SWITCH", value)
    assert environment.boolean("SWITCH", default=not meant) is meant


def test_lists_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, b.example,,")
    assert environment.words("HOSTS", default="") == ["a.example", "b.example"]


def test_an_empty_path_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE", " ")
    with pytest.raises(ImproperlyConfigured, match="DATABASE"):
        environment.path("DATABASE", default=Path("db.sqlite3"))
