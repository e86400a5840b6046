"""Files with which a browser answers on its own: served under their hash and cached for ever, and no other files."""

import gzip
import hashlib
import json
from dataclasses import asdict
from html import unescape
from pathlib import Path

import brotli
import pytest
from django.test import Client
from django.urls import reverse

from digit_recognition.device import engine
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from recognizer.doors.session import DOORS
from tests.support.library import MODELS

ELSE = "0" * 64


@pytest.fixture
def tiny(db, settings):
    settings.DIGIT_RECOGNITION_MODELS = MODELS
    DigitModel.objects.all().delete()
    register_shipped()
    return DigitModel.objects.active()


def address_of(name):
    parts = engine.parts()
    assert parts
    return parts["task"]["files"][name]


@pytest.mark.parametrize("name", ["strokes", "cleaner", "placer"])
def test_a_door_is_served_under_its_hash_and_cached_forever(tiny, name):
    answer = Client().get(address_of(name))
    content = (DOORS / f"{name}.onnx").read_bytes()
    assert answer.content == content
    assert hashlib.sha256(content).hexdigest() in address_of(name)
    assert "immutable" in answer["Cache-Control"] and "max-age=31536000" in answer["Cache-Control"]


def test_a_door_is_compressed_when_the_browser_accepts_it(tiny):
    answer = Client().get(address_of("cleaner"), headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 30_000


@pytest.mark.parametrize(
    ("accepted", "coding", "most_bytes"),
    [
        ("gzip, deflate, br, zstd", "br", 2_500_000),
        ("gzip;q=1.0, br;q=0.5", "br", 2_500_000),
        ("GZIP", "gzip", 4_000_000),
        ("br;q=0, gzip", "gzip", 4_000_000),
        ("gzip; q=0.0", None, 15_000_000),
        ("brotli, x-gzip", None, 15_000_000),
        ("", None, 15_000_000),
    ],
)
def test_the_engine_is_compressed_as_the_browser_accepts(tiny, accepted, coding, most_bytes):
    answer = Client().get(address_of("wasm"), headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/wasm")
    assert "Accept-Encoding" in answer["Vary"]
    assert answer.get("Content-Encoding") == coding and len(answer.content) < most_bytes
    content = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](answer.content)
    assert f"/parts/{hashlib.sha256(content).hexdigest()}/" in address_of("wasm")
    assert "immutable" in answer["Cache-Control"]


def test_a_site_with_gzip_middleware_does_not_compress_the_engine_twice(tiny, settings):
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    answer = Client().get(address_of("wasm"), headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.content).startswith(b"\0asm")


def test_the_model_in_use_is_served_under_its_hash(tiny):
    answer = Client().get(address_of("model"))
    assert hashlib.sha256(answer.content).hexdigest() == tiny.sha256
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["model.onnx", "strokes.onnx", "engine.wasm", "settings.py", ""])
def test_no_other_part_is_served(tiny, name):
    assert Client().get(f"/parts/{ELSE}/{name}").status_code == 404
    assert Client().get("/parts/").status_code == 404


@pytest.mark.parametrize("name", ["../forms.py", "model.json", "__init__.py"])
def test_another_file_is_never_served_under_the_hash_of_a_door(tiny, name):
    assert Client().get(address_of("strokes").replace("strokes.onnx", name)).status_code == 404


def test_a_loaded_model_is_served_when_its_file_is_gone(tiny, fresh_process, settings, tmp_path):
    address, network = address_of("model"), (MODELS / "tiny/model.onnx").read_bytes()
    settings.DIGIT_RECOGNITION_MODELS = tmp_path
    assert Client().get(address).content == network
    DigitModel.objects.all().delete()
    assert Client().get(address).content == network


def test_a_model_without_its_file_is_not_served_before_it_was_loaded(tiny, fresh_process, settings, tmp_path):
    settings.DIGIT_RECOGNITION_MODELS = tmp_path
    assert Client().get(reverse("digit_recognition:weights", args=[tiny.sha256])).status_code == 503


def test_a_model_that_is_not_the_loaded_one_is_read_from_its_file(tiny, fresh_process):
    address = address_of("model")
    DigitModel.objects.update(active=False)
    DigitModel.objects.create(name="other", version=2, file="other/model.onnx", sha256=ELSE, active=True)
    assert Client().get(address).status_code == 200
    assert Client().get(reverse("digit_recognition:weights", args=[ELSE])).status_code == 503


@pytest.mark.parametrize("name", ["strokes", "cleaner", "placer", "wasm"])
def test_door_and_engine_are_served_after_an_upgrade_replaced_their_files(tiny, name, monkeypatch):
    address = address_of(name)
    first = Client().get(address, headers={"Accept-Encoding": "br"}).content
    monkeypatch.setattr(Path, "read_bytes", lambda file: b"of another release")
    assert Client().get(address, headers={"Accept-Encoding": "br"}).content == first


def test_a_damaged_model_is_not_served_and_the_refusal_is_not_cached(tiny, fresh_process):
    DigitModel.objects.update(file="damaged/model.onnx")
    answer = Client().get(reverse("digit_recognition:weights", args=[tiny.sha256]))
    assert answer.status_code == 503
    assert "immutable" not in answer.get("Cache-Control", "")


def test_the_page_names_the_parts_and_the_rule_of_the_model_in_use(tiny):
    page = unescape(Client().get("/").content.decode())
    told = json.loads(page.partition('data-device="')[2].partition('"\n')[0])
    assert told == engine.parts()
    assert told["task"]["rule"] == asdict(tiny.card.rule) and told["task"]["model"] == "tiny"


def test_without_a_usable_model_the_page_comes_without_parts(db):
    DigitModel.objects.all().delete()
    answer = Client().get("/")
    assert answer.status_code == 200 and 'data-device="null"' in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["strokes", "wasm", "model"])
def test_the_parts_answer_only_get_and_head(tiny, method, name):
    assert getattr(Client(), method)(address_of(name)).status_code == 405
