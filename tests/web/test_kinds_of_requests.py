"""A picture may come as a file, as a data URL, in JSON, or as the whole body. Its first bytes tell its format."""

import base64
import json

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from recognizer.ink import Pixels
from tests.support.drawings import PNG, SEVEN, data_url, encode, picture
from tests.support.heic import encode_heic

HEIC, AVIF = encode_heic(picture()), encode(picture(), "AVIF")
BASE64 = base64.b64encode(PNG).decode()
FILES = {"PNG": PNG, "JPEG": encode(picture(), "JPEG"), "WebP": encode(picture(), "WEBP"), "HEIC": HEIC, "AVIF": AVIF}

each_format = pytest.mark.parametrize("file", FILES.values(), ids=FILES)


def error_of(answer) -> str:
    return json.loads(answer.content)["error"]


@each_format
def test_each_format_is_read_in_each_kind_of_request(file, post, post_json, asked):
    for answer in (
        post({"image": SimpleUploadedFile("seven", file)}),
        post({"image": data_url(file, "application/octet-stream")}),
        post_json({"image": data_url(file)}),
        post_json({"image": base64.b64encode(file).decode()}),
        post(file, "image/png"),
    ):
        assert answer.status_code == 200, answer.content
    assert len(asked) == 5 and len({ink.image.tobytes() for ink in asked}) == 1


@pytest.mark.parametrize("kind", ["image/png", "image/heic", "image/x-unknown", "image/*", "IMAGE/PNG"])
def test_the_declared_type_of_a_body_does_not_matter(kind, post, asked):
    assert post(PNG, kind).status_code == 200
    assert isinstance(asked[0], Pixels)


@pytest.mark.parametrize(
    "text", [BASE64, f" {BASE64}\n", base64.encodebytes(PNG).decode(), data_url(PNG)], ids=str.split
)
def test_json_takes_base64_and_data_urls(text, post_json, asked):
    assert post_json({"image": text, "seen": True}).status_code == 200


REFUSED = {
    "a number": (7, 400),
    "a list": ([BASE64], 400),
    "an object": ({"data": BASE64}, 400),
    "null": (None, 400),
    "empty": ("", 400),
    "blank": (" \n ", 400),
    "not base64": ("*seven*", 400),
    "base64 cut off": (BASE64[:-1], 400),
    "an address": ("https://digits.example/seven.png", 400),
    "a data URL that is not base64": ("data:image/png,%89PNG", 400),
    "base64 of junk": (base64.b64encode(b"junk" * 99).decode(), 400),
    "half a picture": (base64.b64encode(PNG[: len(PNG) // 2]).decode(), 400),
    "a GIF": (base64.b64encode(encode(picture(), "GIF")).decode(), 415),
    "JPEG 2000": (base64.b64encode(encode(picture(), "JPEG2000")).decode(), 415),
    "4,097 px a side": (base64.b64encode(encode(Image.new("1", (4097, 10)))).decode(), 413),
    "12,000,001 bytes": (base64.b64encode(PNG + bytes(12_000_001 - len(PNG))).decode(), 413),
}


@pytest.mark.parametrize(("value", "status"), REFUSED.values(), ids=REFUSED)
def test_a_bad_picture_in_json_is_refused(value, status, post_json):
    answer = post_json({"image": value})
    assert (answer.status_code, list(json.loads(answer.content))) == (status, ["error"])


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"junk" * 99, 400), (PNG[:99], 400), (encode(picture(), "GIF"), 415), (b"<svg/>", 415)],
    ids=["empty", "junk", "half", "GIF", "SVG"],
)
def test_a_body_that_is_no_whole_picture_is_refused(body, status, post):
    assert post(body, "image/png").status_code == status


def test_a_body_of_too_many_bytes_is_refused_by_its_length(post):
    assert post(PNG + bytes(12_000_001 - len(PNG)), "image/png").status_code == 413


@pytest.mark.parametrize("kind", ["image/png", "application/json"])
def test_a_picture_without_a_token_is_refused(kind, db):
    body = PNG if kind == "image/png" else json.dumps({"image": BASE64})
    assert Client(enforce_csrf_checks=True).post("/predict/", body, kind).status_code == 403


@pytest.mark.parametrize("key", ["stroke", "drawing", "img", "picture", "Image", "file"])
def test_a_wrong_key_in_json_is_answered_by_the_right_ones(key, post_json):
    answer = post_json({key: SEVEN})
    assert answer.status_code == 400
    assert '{"strokes": ' in error_of(answer) and '{"image": ' in error_of(answer)


@pytest.mark.parametrize("name", ["picture", "file", "Image"])
def test_a_wrong_field_of_a_form_is_answered_by_the_right_one(name, post):
    answer = post({name: SimpleUploadedFile("seven.png", PNG)})
    assert answer.status_code == 400 and "in the field “image”" in error_of(answer)


def test_strokes_and_a_picture_together_are_refused(post_json):
    answer = post_json({"strokes": SEVEN, "image": BASE64})
    assert answer.status_code == 400 and "not both" in error_of(answer)


def test_more_than_12_mb_of_json_are_too_large_without_a_picture(post_json, monkeypatch):
    monkeypatch.setattr("json.loads", lambda *_, **__: pytest.fail("parsed"))
    assert post_json('{"strokes": [' + " " * 12_000_000 + "]}").status_code == 413


def test_json_of_too_many_values_is_refused_before_it_is_parsed(post_json, monkeypatch):
    monkeypatch.setattr("json.loads", lambda *_, **__: pytest.fail("parsed"))
    answer = post_json('{"strokes": [' + "[]," * 1_000_000 + "[]]}")
    assert answer.status_code == 400 and b"500,000" in answer.content


def test_a_photo_of_fifty_megapixels_is_read_at_half_its_size(post, asked):
    assert post(encode(Image.new("L", (8192, 6144), 255), "JPEG"), "image/jpeg").status_code == 200
    assert asked[0].image.shape == (3072, 4096)


@pytest.mark.parametrize(
    ("size", "options", "words"),
    [
        ((8193, 6144), {}, "a JPEG may have 50 megapixels"),
        ((5000, 10), {"progressive": True}, "Save it as a baseline JPEG"),
    ],
    ids=["more pixels", "progressive"],
)
def test_a_larger_photo_is_refused_plainly(size, options, words, post):
    answer = post(encode(Image.new("L", size), "JPEG", **options), "image/jpeg")
    assert answer.status_code == 413 and words in error_of(answer)


def test_without_its_package_heic_is_refused_with_the_name_of_the_extra(post, without_pillow_heif):
    answer = post(HEIC, "image/heic")
    assert answer.status_code == 415 and "pip install '.[heif]'" in error_of(answer)
    assert post(AVIF, "image/avif").status_code == 200


def test_heic_is_read_by_the_tiny_model(post):
    assert json.loads(post(HEIC, "image/heic").content)["digit"] == 7
    assert np.asarray(picture()).shape == (280, 280)
