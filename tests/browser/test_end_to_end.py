"""From the pen to the digit without stand-ins: page, server, model and both doors."""

import pytest
from playwright.sync_api import Page

from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from tests.golden.drawings import DIGITS, label
from tests.support.library import MODELS
from tests.support.visitor import expect_digit, expect_state, on_canvas

NAMES = [
    *["0 round", "1 flagged", "2 plain", "3 round", "4 open"],
    *["5 with a hat", "6 curved", "7 crossed", "8 in one stroke", "9 curved"],
]


@pytest.fixture
def page(page: Page, live_server, settings) -> Page:
    settings.DIGIT_RECOGNITION_MODELS = MODELS
    DigitModel.objects.all().delete()
    register_shipped()
    page.goto(live_server.url)
    return page


def draw(page, drawing):
    """Drawings lie in a box of 100 × 140; here they fill most of the canvas."""
    for stroke in drawing:
        places = on_canvas(page, [(0.2 + x * 0.006, 0.08 + y * 0.006) for x, y in stroke])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


@pytest.mark.parametrize("name", NAMES)
def test_a_digit_drawn_with_the_mouse_is_read(page, name):
    draw(page, DIGITS[name])
    expect_digit(page, str(label(name)))


def test_a_touch_by_accident_is_blank(page):
    page.locator(".canvas").click()
    expect_state(page, "declined")
    expect_digit(page, "")
