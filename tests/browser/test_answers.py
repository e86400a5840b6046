"""The states of an answer: waiting, declined, failed, late. Each is explained, and each has a way out."""

import threading

import numpy as np
import pytest
from playwright.sync_api import expect

from recognizer.errors import ModelError
from tests.support.stand_in import prediction
from tests.support.visitor import expect_digit, expect_state

READ = "**/read/"


def test_the_bars_show_all_candidates(home, draw):
    draw()
    rows = home.locator("[data-candidate]")
    expect(rows).to_have_count(11)
    expect(rows.nth(7)).to_contain_text("80%")
    expect(rows.nth(1)).to_contain_text("16%")
    expect(home.locator("[data-best]")).to_have_attribute("data-candidate", "7")
    assert rows.nth(7).locator("rect").evaluate("bar => bar.style.transform") == "scaleX(0.8)"


def test_the_picture_that_the_network_sees_is_shown(home, draw, model):
    model.answer = prediction(7)
    draw()
    picture = home.get_by_role("img", name="The drawing as the network sees it")
    expect(picture).to_be_visible()
    pixels = picture.evaluate("image => Array.from(image.getContext('2d').getImageData(0, 0, 28, 28).data)")
    shown = np.reshape(pixels, (28, 28, 4))
    np.testing.assert_array_equal(shown[..., :3], np.repeat(model.answer.seen[..., None], 3, 2))


@pytest.mark.parametrize(
    ("reason", "headline", "words", "glyph"),
    [
        ("blank", "Nothing to read", "I only see a dot", "?"),
        ("not a digit", "Not a digit", "doesn't look like a single digit", "?"),
        ("unsure", "I'm not sure", "It could be 7 or 1.", "7 or 1?"),
    ],
)
def test_an_answer_that_is_declined_says_why(home, draw, model, reason, headline, words, glyph):
    model.answer = prediction(None, reason)
    draw()
    expect_state(home, "declined")
    expect_digit(home, "")
    expect(home.locator("[data-role=answer]").get_by_text(headline, exact=True)).to_be_visible()
    expect(home.locator("[data-role=answer]").get_by_text(words)).to_be_visible()
    expect(home.locator("[data-digit]")).to_have_text(glyph)


def test_a_screen_reader_hears_the_answer_once_it_is_there(home, draw):
    draw()
    expect(home.get_by_role("status")).to_have_text("7. 98.7% sure")


def test_while_waiting_the_old_answer_is_not_taken_for_the_new_one(home, draw, model):
    draw()
    expect_digit(home, "7")
    model.may_answer.clear()
    draw([(0.35, 0.5), (0.6, 0.5)])
    expect_state(home, "waiting")
    expect_digit(home, "")
    expect(home.locator("[data-role=headline]")).to_have_text("Reading…")
    expect(home.get_by_role("button", name="Copy")).to_be_hidden()
    expect(home.get_by_role("status")).to_have_text("")  # the answer to the earlier drawing no longer applies
    expect(home.get_by_role("status")).to_have_text("Reading…")  # once it takes long
    model.may_answer.set()
    expect_digit(home, "7")


def test_a_late_answer_to_an_older_drawing_is_dropped(home, draw, model):
    first = model.may_answer
    first.clear()
    model.answer = prediction(3, best=3)
    draw()
    assert model.asked.wait(20)
    model.may_answer, model.answer = threading.Event(), None
    model.may_answer.set()
    draw([(0.35, 0.5), (0.6, 0.5)])
    expect_digit(home, "7")
    first.set()
    home.evaluate("fetch('/').then((answer) => answer.text())")
    expect_digit(home, "7")
    assert len(model.inks) == 2


def test_an_answer_that_comes_after_clear_is_dropped(home, draw, model):
    model.may_answer.clear()
    draw()
    assert model.asked.wait(20)
    home.get_by_role("button", name="Clear").click()
    model.may_answer.set()
    home.evaluate("fetch('/').then((answer) => answer.text())")
    expect_state(home, "empty")
    expect_digit(home, "")


def test_offline_the_page_says_so_keeps_the_drawing_and_answers_later(home, draw, context):
    context.set_offline(True)
    draw()
    expect_state(home, "failed")
    expect(home.locator("[data-role=detail]")).to_contain_text("You're offline")
    context.set_offline(False)
    expect_digit(home, "7")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "couldn't read"),
        (403, "has expired"),
        (413, "too complex"),
        (415, "can't open this file"),
        (429, "Too many requests"),
        (500, "Something went wrong"),
        (503, "unavailable right now"),
    ],
)
def test_each_failure_has_its_own_words(home, draw, status, words):
    home.route(READ, lambda route: route.fulfill(status=status, json={"error": "No."}))
    draw()
    expect_state(home, "failed")
    expect(home.locator("[data-role=detail]")).to_contain_text(words)
    expect(home.get_by_role("status")).to_contain_text(words)


def test_an_unreachable_server_is_asked_again_on_request(home, draw):
    home.route(READ, lambda route: route.abort())
    draw()
    expect(home.locator("[data-role=detail]")).to_contain_text("Can't reach the server")
    home.unroute(READ)
    home.get_by_role("button", name="Try again").click()
    expect_digit(home, "7")
    expect(home.get_by_role("button", name="Try again")).to_be_hidden()


def test_an_answer_that_is_not_json_is_a_failure(home, draw):
    home.route(READ, lambda route: route.fulfill(body="<h1>Sign in to this network</h1>"))
    draw()
    expect_state(home, "failed")


def test_a_server_that_never_answers_is_given_up(page, live_server, model):
    page.route("**/", lambda route: route.fulfill(body=impatient(route.fetch().text()), content_type="text/html"))
    page.route(READ, lambda route: None)
    page.goto(live_server.url)
    page.locator(".canvas").click()
    expect(page.locator("[data-role=detail]")).to_contain_text("took too long")


def test_the_page_says_so_when_the_server_has_no_model(home, draw, model):
    model.answer = ModelError("gone")
    draw()
    expect(home.locator("[data-role=detail]")).to_contain_text("unavailable right now")


def impatient(page):
    return page.replace('data-patience-ms="15000"', 'data-patience-ms="1"')
