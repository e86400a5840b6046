"""Nothing that a visitor typed, drew or sent is logged at any level, whether answered or refused."""

import json
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.drawings import PNG, data_url

SECRET = "s3cret-of-a-visitor"


@pytest.mark.parametrize(
    "fields",
    [
        {"image": SECRET},
        {"image": data_url(SECRET.encode())},
        {"image": data_url(PNG), "note": SECRET},
        {"image": SimpleUploadedFile(f"{SECRET}.png", PNG)},
        {"image": SimpleUploadedFile(f"{SECRET}.png", SECRET.encode())},
    ],
    ids=["text", "junk", "another field", "file name", "file"],
)
def test_form_fields_are_not_logged(post, caplog, fields):
    caplog.set_level(logging.DEBUG)
    post(fields)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("text", [SECRET, json.dumps({"strokes": SECRET}), json.dumps({SECRET: 1})])
def test_json_bodies_are_not_logged(post_json, caplog, text):
    caplog.set_level(logging.DEBUG)
    post_json(text)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("header", ["X-CSRFToken", "Accept", "Content-Type", "Origin"])
def test_headers_are_not_logged(post, caplog, header):
    post({"image": data_url(PNG)}, **{header: SECRET})
    assert SECRET not in caplog.text


def test_a_mistyped_address_is_not_logged(client, caplog):
    client.get(f"/{SECRET}/")
    assert SECRET not in caplog.text
