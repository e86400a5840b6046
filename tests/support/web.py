"""What the web tests share: a tiny model behind the real doors, and a client that holds a token as a browser does."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils.translation import deactivate
from pytest_django import Settings

from digit_recognition import models
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from recognizer.ink import Pixels, Strokes
from recognizer.prediction import Prediction

TINY_MODELS = Path(__file__).parent.parent / "models"
Post = Callable[..., Any]


@pytest.fixture
def tiny_model(request: pytest.FixtureRequest) -> None:
    """Tests with a database find the tiny model in use; the others need none."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        settings: Settings = request.getfixturevalue("settings")
        settings.DIGIT_RECOGNITION_MODELS = TINY_MODELS
        DigitModel.objects.all().delete()
        register_shipped()


@pytest.fixture
def as_before() -> Iterator[None]:
    """The middleware leaves a request's language behind in its thread, which is the tests' own."""
    yield
    deactivate()


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that has loaded no model."""
    monkeypatch.setattr(models, "_loaded", models._Loaded())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Strokes | Pixels]:
    """What reached the model, which answers 7 to everything."""
    inks: list[Strokes | Pixels] = []

    def predict(self: DigitModel, ink: Strokes | Pixels) -> Prediction:
        inks.append(ink)
        return prediction(7)

    monkeypatch.setattr(DigitModel, "predict", predict)
    return inks


def prediction(digit: int | None, reason: Any = None, best: int = 7, second: int = 1) -> Prediction:
    probabilities = [0.01] * 10
    probabilities[best], probabilities[second] = 0.8, 0.12
    confidence = 0.2 if reason == "not a digit" else 0.9991
    return Prediction(digit, confidence, tuple(probabilities), reason, np.zeros((28, 28), np.uint8), "tiny")


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
