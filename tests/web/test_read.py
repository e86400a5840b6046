"""Requests that /read/ accepts, and the shape of its answer."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from PIL import Image

import recognizer
from digit_recognition.models import DigitModel
from tests.golden.apart import above, beside
from tests.golden.rendering import render
from tests.support.drawings import encode

FIELDS = {"text", "confidence", "digits", "alternatives", "reason", "model"}
NUMBER = beside("2 plain", "7 crossed", "4 open")
READER = recognizer.load()


@pytest.fixture
def read(db, monkeypatch):
    """POST /read/ as a page does it, answered by the shipped model."""
    monkeypatch.setattr(DigitModel, "read", lambda self, ink, allow: READER.read(ink, allow))
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    token = client.cookies["csrftoken"].value

    def send(content, kind="application/json", query=""):
        data = json.dumps(content) if isinstance(content, dict) and kind == "application/json" else content
        return client.post(f"/read/{query}", data, kind, headers={"X-CSRFToken": token})

    return send


def test_strokes_are_answered_with_the_documented_fields(read):
    answer = read({"strokes": NUMBER, "size": [400, 200]})
    content = json.loads(answer.content)
    assert answer.status_code == 200 and set(content) == FIELDS
    assert (content["text"], content["reason"]) == ("274", None)
    assert [digit["text"] for digit in content["digits"]] == ["2", "7", "4"]
    for digit in content["digits"]:
        assert set(digit) == {"text", "box", "probabilities"}
        assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-4)
    lefts = [digit["box"][0] for digit in content["digits"]]
    assert lefts == sorted(lefts)
    assert content["alternatives"][0] == {"text": "274", "probability": content["confidence"]}
    assert "no-store" in answer["Cache-Control"] and "Accept" in answer["Vary"]


def test_what_the_network_saw_comes_only_on_request(read):
    content = json.loads(read({"strokes": NUMBER, "seen": True}).content)
    for digit, strokes in zip(content["digits"], ([0], [1, 2], [3, 4]), strict=True):
        assert digit["seen"].startswith("data:image/png;base64,")
        assert 0 < digit["confidence"] <= 1 and digit["strokes"] == strokes


def test_a_picture_is_read_as_a_file_and_as_the_body(read):
    picture = encode(Image.fromarray(render(NUMBER, 500, pen_px=10)))
    by_form = read({"image": SimpleUploadedFile("number.png", picture), "allow": "number"}, MULTIPART_CONTENT)
    by_body = read(picture, "image/png", "?allow=number")
    assert [json.loads(answer.content)["text"] for answer in (by_form, by_body)] == ["274", "274"]


def test_a_sign_needs_a_number_and_has_no_probabilities(read):
    drawing = [[[-100, 80], [-50, 80]], *NUMBER]
    number = json.loads(read({"strokes": drawing, "allow": "number"}).content)
    assert number["text"] == "-274" and number["digits"][0]["probabilities"] is None
    digits = json.loads(read({"strokes": drawing}).content)
    assert (digits["text"], digits["reason"]) == (None, "not a number")


@pytest.mark.parametrize(("drawing", "reason"), [([], "blank"), (above("7 crossed", "2 plain"), "several lines")])
def test_what_is_no_line_is_declined_and_no_error(read, drawing, reason):
    answer = read({"strokes": drawing})
    content = json.loads(answer.content)
    assert (answer.status_code, content["text"], content["reason"]) == (200, None, reason)
    assert content["digits"] == []


MANY = beside(*["2 flat", "7 crossed", "4 open"] * 67)


def test_200_digits_are_too_long_and_the_page_says_how_many_are_read(read, client):
    content = json.loads(read({"strokes": MANY}).content)
    assert (content["text"], content["reason"], content["digits"]) == (None, "too long", [])
    as_page = {"Accept": "text/html"}
    page = client.post("/read/", json.dumps({"strokes": MANY}), "application/json", headers=as_page).content.decode()
    assert "Too long" in page and "at most 32 digits" in page


def test_as_many_points_are_read_as_predict_takes_and_no_more(read):
    dots = [[[at % 100, at // 100]] for at in range(10_000)]
    assert json.loads(read({"strokes": dots}).content)["reason"] is not None
    refused = read({"strokes": [*dots, [[1, 1]]]})
    assert refused.status_code == 400 and "10,000" in json.loads(refused.content)["error"]


def test_the_answer_to_the_largest_coordinates_is_json(read):
    drawing = [[[-1.7e308, -1.7e308], [-1.7e308, 1.7e308]], [[1.7e308, -1.7e308], [1.7e308, 1.7e308]]]
    answer = read({"strokes": drawing})
    json.loads(answer.content, parse_constant=pytest.fail)
    assert answer.status_code == 200


@pytest.mark.parametrize("allow", ["letters", 5, ["digits"], {"a": 1}])
def test_another_alphabet_is_refused(read, allow):
    answer = read({"strokes": NUMBER, "allow": allow})
    assert answer.status_code == 400 and "allow" in json.loads(answer.content)["error"]


def test_errors_are_those_of_predict(read):
    assert read({"strokes": [[["a", 1]]]}).status_code == 400
    assert read("x", "text/csv").status_code == 415
    assert Client().get("/read/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/read/", {}, "application/json").status_code == 403


def test_a_browser_gets_a_page(read, client, monkeypatch):
    answer = client.post("/read/", json.dumps({"strokes": NUMBER}), "application/json", headers={"Accept": "text/html"})
    page = answer.content.decode()
    assert answer.status_code == 200 and ">274<" in page and "sure" in page


def test_predict_takes_no_notice_of_allow(post_json, asked):
    assert post_json({"strokes": NUMBER, "allow": "letters"}).status_code == 200
