"""Pictures and archives in object stores that speak S3 and Google's language, by a small store on loopback."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.bulk.conftest import FOUR, SEVEN
from tests.bulk.stores import store
from tests.recognizer.conftest import TINY
from tests.recognizer.files import encoded

ROOT = Path(__file__).parents[2]
DIGITS = [sys.executable, "-c", "from recognizer.bulk.main import main; main()"]


@pytest.fixture
def bucket(tmp_path):
    folder = tmp_path / "bucket"
    for number in range(40):
        file = folder / "scans" / f"{number % 3}" / f"{number:02}, a b+#?%.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encoded(SEVEN if number % 2 else FOUR))
    (folder / "scans" / "broken.png").write_bytes(b"none")
    (folder / "scans" / ".hidden.png").write_bytes(encoded(SEVEN))
    (folder / "scans" / "notes.txt").write_bytes(b"none")
    with zipfile.ZipFile(folder / "some.zip", "w") as archive:
        archive.writestr("x.png", encoded(SEVEN))
    (folder / "tables").mkdir()
    (folder / "tables" / "table.csv").write_text("file\n../above.png\nbeside.png\nnone.png\ns3://bucket//x.png\n")
    (folder / "tables" / "beside.png").write_bytes(encoded(FOUR))
    (folder / "above.png").write_bytes(encoded(SEVEN))
    return folder


def rows(folder, *arguments, command="classify"):
    """Of a command of its own: who reads from a store keeps connections to it."""
    with store(folder.parent) as host:
        own = {"AWS_ENDPOINT_URL": f"http://{host}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        environment = os.environ | {"PYTHONPATH": str(ROOT), "STORAGE_EMULATOR_HOST": f"http://{host}"} | own
        output = folder.parent / "rows.jsonl"
        ran = subprocess.run(
            [*DIGITS, command, *arguments, "--output", str(output), "--model", str(TINY), "--jobs", "1"],
            capture_output=True,
            text=True,
            env=environment,
            timeout=100,
        )
    assert "Traceback" not in ran.stderr
    return ran, [json.loads(line) for line in output.read_text().splitlines()] if output.exists() else []


def seen(row):
    return row["file"].partition("/scans/")[2], row["digit"], row["error"], row["probabilities"]


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_a_folder_of_a_store_is_read_as_a_folder_of_this_machine_is(scheme, bucket):
    ran, found = rows(bucket, f"{scheme}://bucket/scans")
    _, local = rows(bucket, str(bucket / "scans"))
    assert ran.returncode == 1  # one is broken
    assert list(map(seen, found)) == list(map(seen, local))
    assert found[0]["file"] == f"{scheme}://bucket/scans/0/00, a b+#?%.png" and len(found) == 41


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_archives_and_tables_of_a_store_are_read_and_what_lies_beside_them(scheme, bucket):
    ran, found = rows(bucket, f"{scheme}://bucket/some.zip", f"{scheme}://bucket/tables/table.csv")
    assert [(row["file"], row["digit"]) for row in found] == [
        (f"{scheme}://bucket/some.zip/x.png", 7),
        ("../above.png", 7),
        ("beside.png", 4),
        ("none.png", None),
        ("s3://bucket//x.png", None),
    ]
    assert ran.returncode == 1 and "cannot be opened" in found[3]["error"]


def test_a_folder_of_a_store_says_what_it_holds(bucket):
    ran, _ = rows(bucket, "s3://bucket/scans", command="eval")
    assert "40 digits" in ran.stdout and "1 could not be read" in ran.stdout


@pytest.mark.parametrize(
    "name", ["s3://bucket/none", "s3://none/scans", "gs://bucket/none.png", "gs://none", "s3://bucket//x"]
)
def test_what_a_store_does_not_have_is_told_before_the_run(name, bucket):
    ran, found = rows(bucket, name)
    assert (ran.returncode, found) == (2, [])
    assert re.match(rf"Error: (there is no )?{name}", ran.stderr), ran.stderr
