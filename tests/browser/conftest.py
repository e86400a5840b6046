"""A page on the live server, and a model whose answers the test chooses. Every page is watched for errors."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from digit_recognition.models import DigitModel, DigitModelManager
from recognizer.ink import Pixels, Strokes
from recognizer.prediction import Prediction

SEVEN = [(0.3, 0.28), (0.68, 0.27), (0.44, 0.78)]  # shares of the canvas
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
PATIENCE_MS = 20_000  # with a page on a machine that has other work
EXPECTED_FAILURE = "Failed to load resource"  # what Chromium writes for every refused or aborted request


expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Model:
    """Stands in for the trained one: answers what it is told to, when it may, and remembers what it was asked."""

    inks: list[Any] = field(default_factory=list)
    answer: Prediction | Exception | None = None
    asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def predict(self, ink: Strokes | Pixels) -> Prediction:
        self.inks.append(ink)
        answer, may_answer = self.answer, self.may_answer
        self.asked.set()
        assert may_answer.wait(20)
        if isinstance(answer, Exception):
            raise answer
        return answer or prediction(7)


def prediction(digit: int | None, reason: Any = None, best: int = 7, second: int = 1) -> Prediction:
    probabilities = [0.005] * 10
    probabilities[best], probabilities[second] = 0.8, 0.16
    seen = np.zeros((28, 28), np.uint8)
    seen[4:24, 12:16] = 255
    confidence = 0.2 if reason == "not a digit" else 0.9871
    return Prediction(digit, confidence, tuple(probabilities), reason, seen, "stand-in")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model()
    monkeypatch.setattr(DigitModelManager, "active", lambda self: DigitModel())
    monkeypatch.setattr(DigitModel, "predict", lambda self, ink: model.predict(ink))
    return model


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def home(page: Page, live_server: Any, model: Model) -> Iterator[Page]:
    """The page, loaded; at the end it must have written no error, a broken security policy included."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(live_server.url)
    yield page
    assert [error for error in errors if not error.startswith(EXPECTED_FAILURE)] == []


@pytest.fixture
def draw(home: Page) -> Callable[..., None]:
    """Draws a line through points by mouse; they are shares of the canvas."""

    def draw(points: list[tuple[float, float]] = SEVEN, lift: bool = True) -> None:
        places = on_canvas(home, points)
        home.mouse.move(*places[0])
        home.mouse.down()
        for place in places[1:]:
            home.mouse.move(*place, steps=6)
        if lift:
            home.mouse.up()

    return draw


def on_canvas(page: Page, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    page.locator(".canvas").scroll_into_view_if_needed()
    box = page.locator(".canvas").bounding_box()
    assert box
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def ink_on(page: Page) -> int:
    """How many pixels of the canvas are inked, once what was drawn has been painted: with the next frame."""
    script = """async (canvas) => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const [paper, ...pixels] = new Uint32Array(data.buffer); // nobody draws into the first one
        return pixels.filter((pixel) => pixel !== paper).length;
    }"""
    return page.locator(".canvas").evaluate(script)


def expect_digit(page: Page, digit: str) -> None:
    expect(page.locator("[data-digit]")).to_have_attribute("data-digit", digit)


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("[data-role=answer]")).to_have_attribute("data-state", state)
