"""Vendored packages match their record byte for byte, and the versions in package.json."""

import gzip
import hashlib
import json
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "digit_recognition/static/digit_recognition/vendor"
ENGINE = ROOT / "digit_recognition/device/wasm"  # vendored, and served by the app itself
PACKAGES = sorted(folder.name for folder in VENDOR.iterdir())


@pytest.mark.parametrize("name", PACKAGES)
def test_each_vendored_file_has_its_recorded_hash(name):
    recorded = json.loads((VENDOR / name / "vendored.json").read_text())["sha256"]
    files = [file for file in (VENDOR / name).iterdir() if file.name != "vendored.json"]
    served = {name: sha256 for name, sha256 in recorded.items() if name.endswith(".wasm")}
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files} | served == recorded


@pytest.mark.parametrize(("ending", "unpack"), [(".gz", gzip.decompress), (".br", brotli.decompress)])
def test_the_packed_engine_is_the_recorded_one(ending, unpack):
    recorded = json.loads((VENDOR / "onnxruntime-web/vendored.json").read_text())["sha256"]
    engines = {name: sha256 for name, sha256 in recorded.items() if name.endswith(".wasm")}
    found = {file.stem: hashlib.sha256(unpack(file.read_bytes())).hexdigest() for file in ENGINE.glob(f"*{ending}")}
    assert found == engines != {}


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_has_its_licence_and_the_requested_version(name):
    record = json.loads((VENDOR / name / "vendored.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"][f"node_modules/{name}"]
    assert (record["version"], record["license"]) == (lock["version"], lock["license"])
    assert "LICENSE" in record["sha256"]


def test_every_requested_package_is_vendored():
    assert sorted(json.loads((ROOT / "package.json").read_text())["dependencies"]) == PACKAGES
