"""Finding and downloading data files, from a local server with good and bad answers."""

import gzip
import hashlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from recognizer.datasets import download, sources
from recognizer.datasets.download import read
from recognizer.datasets.formats import DataError
from recognizer.datasets.sources import Source, available_form, find

CONTENT = b"digits " * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(BaseHTTPRequestHandler):
    """A server with its own answer for each path."""

    packed = gzip.compress(CONTENT)
    answers = {
        "/good/file.gz": (200, packed, len(packed)),
        "/unpacked/file.gz": (200, CONTENT, len(CONTENT)),
        "/other/file.gz": (200, gzip.compress(b"other"), None),
        "/page/file.gz": (200, b"<html>Please sign in</html>", None),
        "/cut/file.gz": (200, packed[:-20], len(packed)),
        "/cut-unnoticed/file.gz": (200, packed[:-20], None),
        "/empty/file.gz": (200, b"", 0),
        "/broken/file.gz": (500, b"", 0),
    }

    def do_GET(self) -> None:
        status, body, promised = self.answers.get(self.path, (404, b"", 0))
        self.send_response(status)
        if promised is not None:
            self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def nobody() -> str:
    """An address where no server listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    for module in (download, sources):
        monkeypatch.setattr(module, "cache_folder", lambda: folder)
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    return folder


def source(*mirrors: str) -> Source:
    return Source("set/file", SHA256, tuple(f"{mirror}/file.gz" for mirror in mirrors))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_downloaded_once_and_then_read_from_the_cache(mirror, nobody, cache):
    assert read(source(f"{mirror}/good")) == CONTENT
    assert files(cache) == [cache / "set/file.gz"]
    assert read(source(nobody)) == CONTENT


def test_a_file_that_the_server_unpacks_is_accepted(mirror):
    assert read(source(f"{mirror}/unpacked")) == CONTENT


def test_a_download_shows_its_progress(mirror, capsys):
    read(source(f"{mirror}/good"))
    assert re.search(rf"Downloading {mirror}/good/file.gz\n(.*\r)*100%", capsys.readouterr().err)


@pytest.mark.parametrize("way", ["other", "page", "cut", "cut-unnoticed", "empty", "broken", "missing"])
def test_a_mirror_with_a_bad_answer_leaves_no_file_and_the_next_is_tried(way, mirror, cache):
    with pytest.raises(DataError, match="could not be downloaded"):
        read(source(f"{mirror}/{way}"))
    assert files(cache) == []
    assert read(source(f"{mirror}/{way}", f"{mirror}/good")) == CONTENT


def test_a_mirror_that_is_down_is_skipped(mirror, nobody):
    assert read(source(nobody, f"{mirror}/good")) == CONTENT


def test_without_a_network_the_error_names_each_mirror_and_the_remedy(nobody, cache):
    with pytest.raises(DataError) as error:
        read(source(nobody, f"{nobody}/second"))
    for part in (f"{nobody}/file.gz", f"{nobody}/second/file.gz", "DIGITS_DATA", str(cache / "set/file")):
        assert part in str(error.value)


def test_a_file_without_a_mirror_must_lie_in_the_data_folder():
    with pytest.raises(DataError, match=r"set/file not found, and it has no mirror\. Set DIGITS_DATA"):
        read(source())


def test_a_data_folder_that_does_not_exist_is_named(tmp_path, monkeypatch, mirror):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "typo"))
    with pytest.raises(DataError, match=r"DIGITS_DATA is not a folder: .*typo"):
        read(source(f"{mirror}/good"))


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_the_named_folder_comes_before_cache_and_mirrors(ending, tmp_path, monkeypatch, nobody):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    (tmp_path / "set").mkdir()
    (tmp_path / f"set/file{ending}").write_bytes(gzip.compress(CONTENT) if ending else CONTENT)
    assert read(source(nobody)) == CONTENT


@pytest.mark.parametrize(
    "content",
    [b"", b"other", gzip.compress(CONTENT)[:-9], b"\x1f\x8b", b"\x1f\x9d\x90\x01"],
    ids=["empty", "other content", "cut gzip", "gzip's first bytes", "Unix compress's first bytes"],
)
def test_a_damaged_file_in_the_named_folder_is_refused_by_its_path_and_not_replaced(
    content, tmp_path, monkeypatch, mirror
):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    file = tmp_path / "set/file.gz"
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(DataError, match=rf"{file} .* Delete it or download it again"):
        read(source(f"{mirror}/good"))
    assert file.read_bytes() == content


def test_a_local_form_is_preferred_to_one_that_must_be_downloaded(cache):
    here, afar = Source("here", SHA256), Source("afar", SHA256, ("http://127.0.0.1/afar",))
    assert available_form(here, afar) == afar
    cache.mkdir()
    (cache / "here").write_bytes(CONTENT)
    assert available_form(here, afar) == here


def test_looking_for_a_file_creates_and_downloads_nothing(cache):
    assert find(source()) is None
    assert not cache.exists()


def test_without_the_extra_packages_the_named_folder_is_read_and_a_download_names_the_extra(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    program = f"""
import sys
sys.modules.update(dict.fromkeys(["platformdirs", "pooch", "tqdm", "unlzw3"]))
from recognizer.datasets.download import read
from recognizer.datasets.sources import Source
print(len(read(Source("file", "{SHA256}"))))
read(Source("absent", "{SHA256}", ("http://127.0.0.1/absent",)))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"DIGITS_DATA": str(tmp_path)}, capture_output=True, text=True
    )
    assert ran.stdout.strip() == str(len(CONTENT))
    assert "DataError: this needs more packages. In a clone" in ran.stderr and "'.[train]'" in ran.stderr
