"""Every state of the page, and how a visitor reaches it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from recognizer.numbers.reading import Reading
from tests.support.stand_in import no_number, number, prediction
from tests.support.visitor import expect_digit, expect_state

READ = "**/read/"
NUMBER = number("2026")
UNSURE_NUMBER = number("2026", rival="2076", confidence=0.6, reason="unsure")
PAGE_STATES = {"answered": "answered", "a number": "answered", "failed": "failed"}  # all others: declined
State = Callable[[Page, Callable[..., None], Any], None]


def keep_waiting(page, draw, model):
    model.may_answer.clear()
    draw()
    expect_state(page, "waiting")


def keep_waiting_after_an_answer(page, draw, model):
    show_answer(page, draw, model)
    keep_waiting(page, draw, model)


def show_answer(page, draw, model):
    draw()
    expect_digit(page, "7")


def answer_of(state):
    """The model's answer in some of the states."""
    return {"a number": NUMBER, "an unsure number": UNSURE_NUMBER}.get(state) or prediction(None, state)


def show_declined(reason: str) -> State:
    def decline(page, draw, model):
        model.answer = prediction(None, reason)
        draw()
        expect_state(page, "declined")

    return decline


def show_number(reading: Reading) -> State:
    def show(page, draw, model):
        model.answer = reading
        draw()
        expect_state(page, "declined" if reading.reason else "answered")

    return show


def fail(page, draw, model):
    page.route(READ, lambda route: route.abort())
    draw()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def erase(page, draw, model):
    show_answer(page, draw, model)
    page.get_by_role("button", name="Eraser").click()


def draw_by_keyboard(page, draw, model):
    page.locator(".canvas").focus()
    for key in ("ArrowUp", "Space", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-role=cursor]")).to_be_visible()


def explain(page, draw, model):
    show_answer(page, draw, model)
    page.get_by_role("button", name="Why?").click()
    expect(page.locator("[data-role=legend]")).to_be_visible()


STATES: dict[str, State] = {
    "empty": lambda page, draw, model: expect_state(page, "empty"),
    "drawing": lambda page, draw, model: draw(lift=False),
    "waiting": keep_waiting,
    "waiting after an answer": keep_waiting_after_an_answer,
    "answered": show_answer,
    "unsure": show_declined("unsure"),
    "not a digit": show_declined("not a digit"),
    "a number": show_number(NUMBER),
    "an unsure number": show_number(UNSURE_NUMBER),
    "a long number": show_number(number("31415926535897932384626433832795")),
    "several lines": show_number(no_number("several lines")),
    "blank": show_declined("blank"),
    "failed": fail,
    "eraser on": erase,
    "nothing can say why": explain,
    "fingers ignored": lambda page, draw, model: page.locator("[data-role=fingers]").evaluate(
        "notice => notice.hidden = false"
    ),
    "kept here": lambda page, draw, model: page.get_by_label("Keep my drawings on this device").check(),
    "cursor shown": draw_by_keyboard,
    "keys listed": lambda page, draw, model: page.get_by_text("Keyboard shortcuts").click(),
    "a file is dragged over it": lambda page, draw, model: page.locator("[data-role=desk]").evaluate(
        "desk => desk.dataset.dragging = ''"
    ),
}
