"""Pictures and archives in object stores with the S3 or the Google API, tested with a small store on loopback."""

import io
import os
import subprocess
import sys
import zipfile

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from recognizer.bulk.inputs import remote
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs import parts
from recognizer.cli.command import app
from tests.support.bulk import FOUR, SEVEN
from tests.support.commands import DIGITS, ENVIRONMENT
from tests.support.files import encode
from tests.support.library import TINY
from tests.support.rows import assert_same, make_table
from tests.support.stores import store

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def stores(tmp_path, monkeypatch):
    """Both services are one store over the folder of the test."""
    remote._store.cache_clear()
    with store(tmp_path) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://{host}")
        yield
    remote._store.cache_clear()


@pytest.fixture
def bucket(tmp_path):
    folder = tmp_path / "bucket"
    for number in range(40):
        file = folder / "scans" / f"{number % 3}" / f"{number:02}, a b+#?%.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(SEVEN if number % 2 else FOUR))
    (folder / "scans" / "broken.png").write_bytes(b"none")
    (folder / "scans" / ".hidden.png").write_bytes(encode(SEVEN))
    (folder / "scans" / "notes.txt").write_bytes(b"none")
    with zipfile.ZipFile(folder / "some.zip", "w") as archive:
        archive.writestr("x.png", encode(SEVEN))
    (folder / "tables").mkdir()
    (folder / "tables" / "table.csv").write_text("file\n../above.png\nbeside.png\nnone.png\ns3://bucket//x.png\n")
    (folder / "tables" / "beside.png").write_bytes(encode(FOUR))
    (folder / "above.png").write_bytes(encode(SEVEN))
    return folder


def seen(row):
    return row["file"].partition("/scans/")[2], row["digit"], row["error"], row["probabilities"]


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_a_folder_in_a_store_is_read_like_a_local_folder(scheme, bucket, rows):
    found = rows(f"{scheme}://bucket/scans", skip_others=True)
    assert list(map(seen, found)) == list(map(seen, rows(bucket / "scans", skip_others=True)))
    assert found[0]["file"] == f"{scheme}://bucket/scans/0/00, a b+#?%.png" and len(found) == 41
    assert [row["file"] for row in found if row["error"]] == [f"{scheme}://bucket/scans/broken.png"]


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_each_other_file_of_a_folder_in_a_store_is_a_row_with_its_reason(scheme, bucket, rows):
    (bucket / "scans" / "scan").write_bytes(encode(SEVEN))
    found = sorted(map(seen, rows(f"{scheme}://bucket/scans")))
    assert found == sorted(map(seen, rows(bucket / "scans"))) and len(found) == 44
    assert [(name, digit) for name, digit, *_ in found if name == "scan"] == [("scan", 7)]


@pytest.mark.parametrize("scheme", ["s3", "gs"])
@pytest.mark.parametrize("table", ["t.csv", "t.parquet"])
def test_columns_of_a_table_in_a_store_are_kept_in_a_store(table, scheme, bucket):
    make_table(f"{bucket}/{table}", {"file": ["above.png"], "id": ["07"]})
    output = f"{scheme}://bucket/rows.parquet/"
    arguments = ["classify", f"{scheme}://bucket/{table}", "--output", output, "--model", str(TINY), "--jobs", "1"]
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == 0, ran.output
    assert pq.read_table(bucket / "rows.parquet").select(["digit", "id"]).to_pylist() == [{"digit": 7, "id": "07"}]


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_archives_and_tables_in_a_store_are_read_with_the_files_they_name(scheme, bucket, rows):
    found = rows(f"{scheme}://bucket/some.zip", f"{scheme}://bucket/tables/table.csv", f"{scheme}://bucket/none.zip")
    assert [(row["file"], row["digit"]) for row in found] == [
        (f"{scheme}://bucket/some.zip/x.png", 7),
        ("../above.png", 7),
        ("beside.png", 4),
        ("none.png", None),
        ("s3://bucket//x.png", None),
        (f"{scheme}://bucket/none.zip", None),
    ]
    assert all("cannot be opened" in row["error"] for row in found[3:])


def test_a_file_of_too_many_bytes_is_not_fetched(bucket, rows, monkeypatch):
    monkeypatch.setattr(remote, "MOST_BYTES", 100)
    assert "more than 100 bytes" in rows("s3://bucket/above.png")[0]["error"]


def test_a_folder_of_a_store_says_what_it_holds(bucket):
    ran = CliRunner().invoke(app, ["eval", "s3://bucket/scans", "--skip-others", "--model", str(TINY), "--jobs", "1"])
    assert "40 digits" in ran.output and "1 failed" in ran.output


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_rows_are_written_to_a_store_in_parts_and_resumed(scheme, bucket, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "BYTES_ENOUGH", 1)
    here, there = str(tmp_path / "rows.parquet"), f"{scheme}://bucket/rows.parquet"

    def classify(output, *more):
        inputs = [f"{scheme}://bucket/scans/{name}" for name in (0, 1, 2)] + [f"{scheme}://bucket/some.zip"]
        arguments = ["classify", *inputs, "-o", output, "--jobs", "1", "--model", str(TINY), *more]
        ran = CliRunner().invoke(app, arguments)
        return ran.exit_code, ran.output

    assert classify(here) == classify(there) == (0, "41 pictures: 41 read, 0 declined, 0 failed\n")
    assert_same(bucket / "rows.parquet", pq.read_table(here))
    code, told = classify(there)
    assert code == 2 and "already has rows. Add --force" in told
    *_, last = sorted((bucket / "rows.parquet").iterdir())
    assert last.name != "part-00000000.parquet"
    last.unlink()  # as after a killed run
    (bucket / "rows.parquet" / "_unfinished").touch()
    assert classify(there, "--resume")[0] == 0
    assert_same(bucket / "rows.parquet", pq.read_table(here))
    assert all(file.name.startswith("part-") for file in (bucket / "rows.parquet").iterdir())


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_a_missing_bucket_is_reported_and_takes_no_rows(scheme, bucket):
    arguments = ["classify", str(bucket / "scans"), "-o", f"{scheme}://none/rows.parquet/", "--model", str(TINY)]
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == 2 and ran.output.startswith("Error: ")


@pytest.mark.skipif(sys.platform != "linux", reason="Ray is for Linux here")
def test_ray_reads_from_a_store_and_its_workers_write_into_one(bucket, rows):
    arguments = ["s3://bucket/scans", "--skip-others", "-o", "s3://bucket/rows.parquet/", "--model", str(TINY)]
    ran = subprocess.run(
        [*DIGITS, *arguments, "--engine", "ray"], capture_output=True, text=True, env=ENVIRONMENT | os.environ
    )
    assert ran.stderr == "41 pictures: 40 read, 0 declined, 1 failed\n"
    found = pq.read_table(bucket / "rows.parquet").to_pylist()
    expected = rows("s3://bucket/scans", skip_others=True)
    assert [row["file"] for row in found] == [row["file"] for row in expected]
    assert [row["digit"] for row in found] == [row["digit"] for row in expected]
    assert all(file.name.startswith("part-") for file in (bucket / "rows.parquet").iterdir())


@pytest.mark.parametrize("name", ["s3://bucket/none", "s3://none/scans", "gs://bucket/none.png", "gs://none"])
def test_a_file_absent_from_a_store_is_reported_as_missing(name, bucket):
    assert Sources((name, "s3://bucket/scans")).missing() == [name]


def test_an_impossible_path_in_a_list_becomes_a_row_and_the_run_goes_on(bucket, rows):
    listed = io.StringIO("s3://bucket//x.png\ns3://bucket/above.png\n")
    assert [(row["digit"], row["error"] is None) for row in rows("-", list_file=listed)] == [(None, False), (7, True)]


def test_an_impossible_path_is_named(bucket):
    ran = CliRunner().invoke(app, ["classify", "s3://bucket//x.png"])
    assert ran.exit_code == 2 and "Error: s3://bucket//x.png: Empty path component" in ran.output
