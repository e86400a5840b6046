"""`manage.py check --deploy` is silent with https, and warns only about its absence without."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def manage(*arguments, **variables):
    # DJANGO_ALLOW_ASYNC_UNSAFE is set for the browser tests.
    variables |= {"DJANGO_SETTINGS_MODULE": "mnist_django.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=True)


@pytest.mark.parametrize(
    ("https", "warnings"),
    [("true", []), ("false", ["security.W004", "security.W012", "security.W016"])],
    ids=["with https", "without"],
)
def test_the_deployment_check_warns_only_without_https(tmp_path, https, warnings):
    key = secrets.token_urlsafe(64)
    variables = {"DEBUG": "false", "HTTPS": https, "SECRET_KEY": key, "DATABASE": f"{tmp_path}/db"}
    manage("migrate", "--verbosity", "0", **variables)
    done = manage("check", "--deploy", **variables)
    assert sorted(re.findall(r"\((\w+\.[WE]\d+)\)", done.stderr)) == warnings
    assert ("no issues" in done.stdout) == (not warnings)


def test_check_deploy_warns_about_a_database_that_others_can_open(tmp_path):
    database = tmp_path / "db"
    database.touch(0o644)
    warned = manage("check", "--deploy", DATABASE=str(database)).stderr
    assert "(mnist_django.W001)" in warned and f"chmod 600 {database}" in warned
