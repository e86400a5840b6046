"""Each kind of bad input has its status, and all refusals have one shape."""

import json
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from digit_recognition.models import DigitModel
from recognizer.errors import ModelError
from tests.support.costly_jpegs import scan_bomb
from tests.support.drawings import PNG, SEVEN, data_url, encode, picture

DEEP = "[" * 50_000 + "]" * 50_000
HUGE = "1" + "0" * 400
STROKE_AT = '{"strokes": [[[x, 1], [2, 3]]]}'
MULTIPART = "multipart/form-data"


def header_only(width: int, height: int) -> bytes:
    """A PNG of any declared size with 50 kB of compressed zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 50_000_000))
        + chunk(b"IEND", b"")
    )


def assert_refused(answer, status):
    content = json.loads(answer.content)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert list(content) == ["error"]
    assert content["error"].endswith(".")


IMAGES = {
    "no field": ({}, 400),
    "empty field": ({"image": ""}, 400),
    "blank field": ({"image": "  "}, 400),
    "no data URL": ({"image": "seven"}, 400),
    "base64 without its head": ({"image": data_url(PNG).split(",")[1]}, 400),
    "data URL that is not base64": ({"image": "data:image/png,%89PNG"}, 400),
    "not base64": ({"image": "data:image/png;base64,*not base64*"}, 400),
    "not ASCII": ({"image": "data:image/png;base64,ééé="}, 400),
    "base64 of nothing": ({"image": "data:image/png;base64,"}, 400),
    "base64 of junk": ({"image": data_url(b"junk" * 100)}, 400),
    "truncated PNG": ({"image": data_url(PNG[: len(PNG) // 2])}, 400),
    "PNG without its data": ({"image": data_url(PNG[:40])}, 400),
    "GIF named PNG": ({"image": data_url(encode(picture(), "GIF"))}, 415),
    "GIF that says so": ({"image": data_url(encode(picture(), "GIF"), "image/gif")}, 415),
    "SVG": ({"image": data_url(b"<svg/>", "image/svg+xml")}, 415),
    "text": ({"image": data_url(b"seven", "text/plain")}, 415),
    "20,000 px a side": ({"image": data_url(header_only(20_000, 20_000))}, 413),
    "4,097 px a side": ({"image": data_url(encode(Image.new("1", (4097, 10))))}, 413),
    "101 scans": ({"image": data_url(scan_bomb(101, side_px=8), "image/jpeg")}, 413),
    "60 scans of 4,096 px a side": ({"image": SimpleUploadedFile("seven.jpg", scan_bomb(60))}, 413),
    "0 px": ({"image": data_url(header_only(0, 0))}, 400),
    "1 px": ({"image": data_url(encode(Image.new("L", (1, 1))))}, 400),
    "over 12 MB as base64": ({"image": data_url(PNG + b"\0" * 12_000_000)}, 413),
    "empty file": ({"image": SimpleUploadedFile("seven.png", b"")}, 400),
    "GIF file named PNG": ({"image": SimpleUploadedFile("seven.png", encode(picture(), "GIF"))}, 415),
    "file over 12 MB": ({"image": SimpleUploadedFile("seven.png", PNG + b"\0" * 12_000_000)}, 413),
    "file in another field": ({"picture": SimpleUploadedFile("seven.png", PNG)}, 400),
}

DRAWINGS = {
    "empty body": "",
    "malformed": "{",
    "not an object": "[]",
    "null": "null",
    "no strokes": "{}",
    "null strokes": '{"strokes": null}',
    "text": '{"strokes": "seven"}',
    "a number": '{"strokes": 7}',
    "an object": '{"strokes": {"0": [[1, 2]]}}',
    "points without strokes": '{"strokes": [[1, 2], [3, 4]]}',
    "one nesting too deep": '{"strokes": [[[[1, 2]]]]}',
    "text as coordinates": '{"strokes": [[["1", "2"]]]}',
    "booleans as coordinates": '{"strokes": [[[true, false]]]}',
    "null as coordinates": '{"strokes": [[[null, 1]]]}',
    "one coordinate": '{"strokes": [[[1]]]}',
    "NaN": '{"strokes": [[[NaN, 1], [2, 3]]]}',
    "infinity": '{"strokes": [[[Infinity, 1], [2, 3]]]}',
    "a float too large": '{"strokes": [[[1e999, 1], [2, 3]]]}',
    "an integer too large": STROKE_AT.replace("x", HUGE),
    "an integer of 5,000 figures": STROKE_AT.replace("x", "9" * 5000),
    "nesting without end": DEEP,
    "nesting without end within": f'{{"strokes": {DEEP}}}',
    "a key twice": '{"strokes": [], "strokes": [[[1, 2]]]}',
    "not UTF-8": b'{"strokes": "\xff"}',
    "UTF-16": '{"strokes": []}'.encode("utf-16"),
    "100,000 points": json.dumps({"strokes": [[[index % 280, index % 270] for index in range(100_000)]]}),
    "10,001 points": json.dumps({"strokes": [[[1, 2]] * 5_000, [[3, 4]] * 5_001]}),
    "100,000 empty strokes": json.dumps({"strokes": [[]] * 100_000}),
    "size as text": '{"strokes": [], "size": "280x280"}',
    "size of one": '{"strokes": [], "size": [280]}',
    "size of nothing": '{"strokes": [], "size": [0, 280]}',
    "size not finite": '{"strokes": [], "size": [1e999, 280]}',
    "size too large": f'{{"strokes": [], "size": [{HUGE}, 280]}}',
    "size of booleans": '{"strokes": [], "size": [true, true]}',
}


@pytest.mark.parametrize(("fields", "status"), IMAGES.values(), ids=IMAGES)
def test_a_bad_image_is_refused(post, fields, status):
    assert_refused(post(fields), status)


@pytest.mark.parametrize("text", DRAWINGS.values(), ids=DRAWINGS)
def test_a_bad_drawing_is_refused(post_json, text):
    assert_refused(post_json(text), 400)


def test_ten_thousand_points_are_accepted(post_json, asked):
    assert post_json({"strokes": [[[1, 2]] * 10_000]}).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_other_methods_are_refused(db, method):
    answer = getattr(Client(), method)("/predict/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/octet-stream", "application/xml", "multipart/mixed", "nonsense"]
)
def test_other_content_types_are_refused(post, kind):
    assert_refused(post(PNG, kind), 415)


def test_a_compressed_body_is_refused(post_json):
    assert_refused(post_json({"strokes": SEVEN}, **{"Content-Encoding": "gzip"}), 415)


@pytest.mark.parametrize(
    "kind", [MULTIPART, f"{MULTIPART}; boundary=é", f"{MULTIPART}; boundary="], ids=["none", "not ASCII", "empty"]
)
def test_a_multipart_form_without_a_boundary_is_refused(post, kind):
    assert_refused(post(b"--x\r\n", kind), 400)


def test_a_form_of_countless_fields_is_refused(post):
    assert_refused(post("a=1&" * 5_000, "application/x-www-form-urlencoded"), 400)


def test_a_form_of_countless_files_is_refused(post):
    files = {f"image{index}": SimpleUploadedFile("seven.png", b"x") for index in range(150)}
    assert_refused(post(files), 400)


def test_a_project_with_a_lower_limit_of_its_own_answers_413(post, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert_refused(post({"image": data_url(PNG)}), 413)


@pytest.mark.parametrize("error", [ModelError("the file is damaged"), DatabaseError("no such table")])
def test_without_a_usable_model_the_answer_is_503_and_only_the_log_has_the_cause(post_json, monkeypatch, caplog, error):
    def fail(self, ink):
        raise error

    monkeypatch.setattr(DigitModel, "predict", fail)
    answer = post_json({"strokes": SEVEN})
    assert_refused(answer, 503)
    assert str(error) not in answer.content.decode()
    assert str(error) in caplog.text


def test_without_an_active_model_the_answer_is_503(post_json):
    DigitModel.objects.update(active=False)
    assert_refused(post_json({"strokes": SEVEN}), 503)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["strokes", "size", "x"]), inner),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.fixed_dictionaries({"strokes": json_values}, optional={"size": json_values, "seen": json_values}))
def test_no_json_makes_the_server_fail(post_json, content):
    answer = post_json(content)
    assert answer.status_code in {200, 400}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_no_bytes_make_the_server_fail(post, data):
    assert post({"image": data_url(data)}).status_code in {400, 413, 415}
    assert post(data, "multipart/form-data; boundary=x").status_code == 400
    assert post(data, "application/x-www-form-urlencoded").status_code == 400
