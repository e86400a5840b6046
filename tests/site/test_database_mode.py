"""Only its owner can read a database made by the site. An existing database keeps its mode."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_django.checks import check_database_mode

ROOT = Path(__file__).parents[2]
WRITES = """
import django; django.setup()
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("CREATE TABLE made (here)")
    {then}
"""
LISTS = (
    "from pathlib import Path; print(*sorted((file.name, oct(file.stat().st_mode)) for file in Path('.').iterdir()))"
)


@pytest.fixture
def run(tmp_path):
    """Runs Python in the folder of the database, under a umask that opens new files to everybody."""

    def run(*arguments):
        variables = {
            "DATABASE": f"{tmp_path}/db",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "mnist_django.settings",
            "DEBUG": "true",
        }
        command = ["sh", "-c", 'umask 0; exec "$@"', "sh", sys.executable, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=os.environ | variables, capture_output=True, text=True, check=True
        ).stdout

    return run


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def test_migrate_makes_a_database_that_only_its_owner_can_read(run, tmp_path):
    run(str(ROOT / "manage.py"), "migrate", "--verbosity", "0")
    assert mode(tmp_path / "db") == 0o600


def test_files_that_sqlite_adds_have_the_same_mode(run):
    listed = run("-c", WRITES.format(then=LISTS))
    assert "db-journal" in listed and listed.count("0o100600") == 2


def test_other_files_keep_the_usual_mode(run, tmp_path):
    run("-c", WRITES.format(then="open('other', 'w').close()"))
    assert (mode(tmp_path / "db"), mode(tmp_path / "other")) == (0o600, 0o666)


def test_an_existing_database_keeps_its_mode(run, tmp_path):
    (tmp_path / "db").touch(0o660)
    (tmp_path / "db").chmod(0o660)
    run("-c", WRITES.format(then="pass"))
    assert mode(tmp_path / "db") == 0o660


def test_a_missing_folder_gives_the_error_of_sqlite(run, tmp_path):
    elsewhere = f"import os; os.environ['DATABASE'] = '{tmp_path}/no/db'\n"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("-c", elsewhere + WRITES.format(then="pass"))
    assert "unable to open database file" in failed.value.stderr


@pytest.mark.parametrize(
    ("bits", "warned"), [(0o600, False), (0o640, True), (0o604, True)], ids=["owner", "group", "all"]
)
def test_the_deployment_check_warns_about_a_readable_database(monkeypatch, settings, tmp_path, bits, warned):
    database = tmp_path / "db"
    database.touch()
    database.chmod(bits)
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", database)
    assert [message.id for message in check_database_mode(None)] == ["mnist_django.W001"] * warned
