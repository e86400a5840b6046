"""The page without JavaScript: a picture is sent, and the answer is a page."""

import pytest
from playwright.sync_api import expect

from tests.support.stand_in import prediction
from tests.support.visitor import send_picture


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


def test_a_picture_is_answered_with_a_page(home):
    expect(home.locator(".canvas")).to_be_hidden()
    expect(home.locator(".notice")).to_contain_text("Drawing needs JavaScript")
    expect(home.get_by_label("Choose a picture of a digit or number")).to_be_visible()
    expect(home.get_by_text("drop or paste")).to_be_hidden()
    send_picture(home)
    expect(home.locator("[data-digit]")).to_have_attribute("data-digit", "7")
    expect(home.get_by_text("98.7% sure")).to_be_visible()
    expect(home.get_by_text("Answered by the server")).to_be_visible()
    expect(home.get_by_alt_text("The picture as the network sees it")).to_be_visible()


def test_a_picture_that_is_unclear_is_declined_in_words(home, model):
    model.answer = prediction(None, "unsure")
    send_picture(home)
    expect(home.get_by_text("I'm not sure")).to_be_visible()
    expect(home.locator("[data-digit]")).to_have_text("7 or 1?")


def test_a_file_that_is_not_a_picture_is_refused_and_another_can_be_sent(home):
    send_picture(home, "notes.txt", b"no picture")
    expect(home.get_by_role("heading", level=1)).to_have_text("No answer")
    send_picture(home)
    expect(home.locator("[data-digit]")).to_have_attribute("data-digit", "7")
