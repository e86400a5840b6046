"""A page on the live server, and a model whose answers the test chooses. Every page is watched for errors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from digit_recognition import models
from digit_recognition.models import DigitModel, DigitModelManager
from digit_recognition.registry import register_shipped
from tests.support.stand_in import Model
from tests.support.visitor import SEVEN, on_canvas

PATIENCE_MS = 20_000  # for a page on a busy machine
EXPECTED_FAILURE = "Failed to load resource"  # what Chromium writes for every refused or aborted request


expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the database at every request which model is in use: a test may change it."""
    monkeypatch.setattr(models, "_active", models._ActiveRow())
    monkeypatch.setattr(models, "REMEMBERED_S", 0.0)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model()
    monkeypatch.setattr(DigitModelManager, "active", lambda self: DigitModel())
    monkeypatch.setattr(DigitModel, "read", lambda self, ink, allow: model.read(ink))
    return model


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def home(page: Page, live_server: Any, model: Model) -> Iterator[Page]:
    """The loaded page. At the end, its console must hold no error, nor a breach of the security policy."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(live_server.url)
    yield page
    assert [error for error in errors if not error.startswith(EXPECTED_FAILURE)] == []


@pytest.fixture
def draw(home: Page) -> Callable[..., None]:
    """Draws a line by mouse through points, which are shares of the canvas."""

    def draw(points: list[tuple[float, float]] = SEVEN, lift: bool = True) -> None:
        places = on_canvas(home, points)
        home.mouse.move(*places[0])
        home.mouse.down()
        for place in places[1:]:
            home.mouse.move(*place, steps=6)
        if lift:
            home.mouse.up()

    return draw


@pytest.fixture
def shipped(live_server):
    """The address of the site with the shipped model."""
    DigitModel.objects.all().delete()
    register_shipped()
    return live_server.url


@pytest.fixture
def sent(page):
    """Method and URL of every request of the page."""
    sent = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    return sent
