"""The CSRF check, with the cookie, field and header names of Django."""

import json
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files import uploadedfile
from django.test import Client

from tests.support.drawings import PNG, SEVEN, data_url

DRAWING = json.dumps({"strokes": SEVEN})


@pytest.fixture
def client(db):
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    return client


def send(client, **headers):
    return client.post("/predict/", DRAWING, content_type="application/json", headers=headers)


def assert_forbidden(answer):
    assert answer.status_code == 403
    assert list(json.loads(answer.content)) == ["error"]


def test_the_page_sets_the_cookie(client):
    assert client.cookies["csrftoken"].value


def test_a_request_without_a_token_is_refused(client):
    assert_forbidden(send(client))


def test_a_request_without_a_cookie_is_refused(client):
    token = client.cookies.pop("csrftoken").value
    assert_forbidden(send(client, **{"X-CSRFToken": token}))


@pytest.mark.parametrize("token", ["", "wrong", "a" * 32, "a" * 64])
def test_a_wrong_token_is_refused(client, token):
    assert_forbidden(send(client, **{"X-CSRFToken": token}))


def test_a_request_from_another_site_is_refused(client):
    token = client.cookies["csrftoken"].value
    assert_forbidden(send(client, **{"X-CSRFToken": token, "Origin": "https://elsewhere.example"}))


def test_a_form_without_a_token_is_refused(client):
    assert_forbidden(client.post("/predict/", {"image": data_url(PNG)}))


def test_a_bare_post_is_refused(client):
    assert_forbidden(client.post("/predict/"))


def test_the_refusal_is_a_page_for_browsers(client):
    answer = send(client, Accept="text/html")
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_the_token_is_taken_from_the_header(client):
    assert send(client, **{"X-CSRFToken": client.cookies["csrftoken"].value}).status_code == 200


@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_the_token_is_taken_from_the_field(client, kind):
    fields = {"image": data_url(PNG), "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    if kind == "multipart":
        answer = client.post("/predict/", fields)
    else:
        answer = client.post("/predict/", urlencode(fields), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/model/", "/token/", "/languages/setlang/"])
def test_no_upload_lands_on_the_disk_whatever_address_it_is_sent_to(client, address, monkeypatch):
    """Django reads a form for its token before the view can refuse it."""
    written = []
    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", lambda *given: written.append(given))
    large = BytesIO(bytes(3_000_000))
    large.name = "large.png"
    assert client.post(address, {"image": large}).status_code == 403
    assert not written
