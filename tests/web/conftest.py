"""Shared by the web tests: a tiny model behind the real doors, and a client with a token, as in a browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from pytest_django import Settings

from digit_recognition import models
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from recognizer.ink import Pixels, Strokes
from recognizer.prediction import Prediction
from tests.support.library import MODELS
from tests.support.predictions import prediction

Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def tiny_model(request: pytest.FixtureRequest) -> None:
    """In tests with a database the tiny model is in use. Other tests need no model."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        settings: Settings = request.getfixturevalue("settings")
        settings.DIGIT_RECOGNITION_MODELS = MODELS
        DigitModel.objects.all().delete()
        register_shipped()


@pytest.fixture(autouse=True)
def without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the database at every request which model is in use: a test may change it."""
    monkeypatch.setattr(models, "_active", models._ActiveRow())
    monkeypatch.setattr(models, "REMEMBERED_S", 0.0)


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave like a process that has loaded no model."""
    monkeypatch.setattr(models, "_cache", models._RecognizerCache())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Strokes | Pixels]:
    """The ink that reached the model, which answers 7 to everything."""
    inks: list[Strokes | Pixels] = []

    def predict(self: DigitModel, ink: Strokes | Pixels) -> Prediction:
        inks.append(ink)
        return prediction(7)

    monkeypatch.setattr(DigitModel, "predict", predict)
    return inks


@pytest.fixture
def post(db: None) -> Post:
    """POST /predict/ as the page does it: with the cookie and the token."""
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    token = client.cookies["csrftoken"].value

    def send(data: Any = None, content_type: str = MULTIPART_CONTENT, **headers: Any) -> Any:
        return client.post("/predict/", data, content_type, headers={"X-CSRFToken": token, **headers})

    return send


@pytest.fixture
def post_json(post: Post) -> Post:
    def send(content: Any, **headers: Any) -> Any:
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        return post(text, "application/json", **headers)

    return send
