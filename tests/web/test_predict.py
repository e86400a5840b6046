"""Requests that /predict/ accepts, and the shape of its answer."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import AsyncClient
from PIL import Image

from recognizer.ink import Pixels
from tests.support.drawings import PNG, SEVEN, SIZE, data_url, encode, nothing, picture

FIELDS = {"digit", "confidence", "probabilities", "reason", "model"}


def test_strokes_are_answered_with_the_documented_fields(post_json):
    answer = post_json({"strokes": SEVEN, "size": SIZE})
    content = json.loads(answer.content)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert set(content) == FIELDS
    assert len(content["probabilities"]) == 10
    assert sum(content["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert content["model"] == "tiny"


def test_the_picture_the_network_saw_comes_only_on_request(post_json):
    content = json.loads(post_json({"strokes": SEVEN, "seen": True}).content)
    assert set(content) == FIELDS | {"seen"}
    assert content["seen"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_data_url_in_the_form_field_is_read(post, asked, kind):
    answer = post({"image": data_url(encode(picture(), kind), f"image/{kind}")})
    assert answer.status_code == 200
    assert asked[0].image.shape == (280, 280)


def test_a_data_url_in_an_urlencoded_form_is_read_even_where_its_plus_signs_became_blanks(post, asked):
    noise = encode(Image.effect_noise((60, 60), 90))
    assert "+" in data_url(noise)
    answer = post("image=" + data_url(noise), "application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_a_data_url_as_a_shell_makes_it_is_read(post, asked):
    """`base64` writes lines of 76 characters, and many clients say jpg."""
    text = base64.encodebytes(encode(picture(), "jpeg")).decode()
    assert post({"image": f"DATA:image/jpg;base64,{text}"}).status_code == 200
    assert asked[0].image.shape == (280, 280)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_file_of_a_multipart_form_is_read(post, asked, kind):
    answer = post({"image": SimpleUploadedFile(f"seven.{kind}", encode(picture(), kind))})
    assert answer.status_code == 200
    assert isinstance(asked[0], Pixels)


def test_a_picture_of_nearly_12_mb_fits_as_a_file_and_as_a_data_url(post, asked):
    large = PNG + b"\0" * (12_000_000 - len(PNG))
    assert post({"image": SimpleUploadedFile("large.png", large)}).status_code == 200
    assert post({"image": data_url(large)}).status_code == 200


def test_a_photo_turned_by_exif_is_read_upright(post, asked):
    exif = Image.Exif()
    exif[0x0112] = 6  # EXIF: turn by 90°
    post({"image": data_url(encode(picture(size=(280, 100)), "jpeg", exif=exif), "image/jpeg")})
    assert asked[0].image.shape == (280, 100)


def test_the_canvas_size_makes_a_tiny_drawing_blank(post_json, asked):
    post_json({"strokes": SEVEN, "size": SIZE})
    post_json({"strokes": SEVEN})
    assert [ink.min_extent for ink in asked] == [8.0, 0.0]


@pytest.mark.parametrize(
    "strokes", [[], [[]], [[[5, 5]]], [[[5, 5], [6, 6]]]], ids=["none", "without points", "a dot", "3 px"]
)
def test_an_empty_drawing_is_blank_and_not_an_error(post_json, strokes):
    answer = post_json({"strokes": strokes, "size": SIZE})
    content = json.loads(answer.content)
    assert answer.status_code == 200
    assert (content["digit"], content["reason"], content["confidence"]) == (None, "blank", 0)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_picture_of_one_tone_is_blank_and_not_an_error(post, tone):
    answer = post({"image": data_url(encode(Image.new("L", (280, 280), tone)))})
    assert json.loads(answer.content)["reason"] == "blank"


def test_a_transparent_empty_canvas_is_blank(post):
    answer = post({"image": data_url(encode(Image.new("RGBA", (280, 280))))})
    assert json.loads(answer.content)["reason"] == "blank"


def test_points_may_carry_time_and_pressure(post_json, asked):
    post_json({"strokes": [[[1, 2, 0, 0.5], [30, 40, 16, 0.5]]]})
    assert asked[0].strokes[0].tolist() == [[1, 2], [30, 40]]


def test_an_answer_is_never_cached(post_json):
    answer = post_json({"strokes": SEVEN})
    assert "no-store" in answer["Cache-Control"]
    assert "Accept" in answer["Vary"]


def test_an_empty_canvas_sent_as_png_is_blank(post):
    assert json.loads(post({"image": data_url(encode(picture(nothing)))}).content)["reason"] == "blank"


def test_an_asgi_server_gives_the_same_answer(db, asked):
    post = async_to_sync(AsyncClient().post)
    answer, refusal = in_another_thread(
        lambda: [
            post("/predict/", {"strokes": SEVEN, "size": SIZE}, content_type="application/json"),
            post("/predict/", "x" * 12_000_001, content_type="application/json"),
        ]
    )
    assert json.loads(answer.content)["digit"] == 7
    assert refusal.status_code == 413


def in_another_thread(call):
    """Browser tests leave an event loop in this thread. The other thread shares its database connection."""
    shared = connections["default"]
    shared.inc_thread_sharing()

    def run():
        connections["default"] = shared
        return call()

    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(run).result()
    finally:
        shared.dec_thread_sharing()
