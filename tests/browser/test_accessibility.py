"""WCAG 2.2 AA in every state of the page, as axe-core sees it; and what axe cannot see: scrolling, speech, motion."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from tests.browser.conftest import SEVEN, expect_digit, expect_state, ink_on, on_canvas, prediction
from tests.browser.test_device import (  # noqa: F401 - a fixture
    AT_MOST_MS,
    draw_seven,
    expect_source,
    keep_here,
    shipped,
)
from tests.browser.test_model_page import CARD
from tests.browser.test_without_scripts import send

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
PREDICT = "**/predict/"

State = Callable[[Page, Callable[..., None], Any], None]


def violations(page: Page) -> list[str]:
    """Injected from outside, which the page's own security policy allows."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def violations_in_every_look(page: Page) -> dict[str, list[str]]:
    """In light and dark, on a phone and on a desktop. Without motion, so that no colour is on its way."""
    found = {}
    for size, (width, height) in SIZES.items():
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": height})
            found[f"{size}, {colours}"] = violations(page)
    return {look: faults for look, faults in found.items() if faults}


def waiting(page, draw, model):
    model.may_answer.clear()
    draw()
    expect_state(page, "waiting")


def waiting_after_an_answer(page, draw, model):
    answered(page, draw, model)
    waiting(page, draw, model)


def answered(page, draw, model):
    draw()
    expect_digit(page, "7")


def declined(reason: str) -> State:
    def decline(page, draw, model):
        model.answer = prediction(None, reason)
        draw()
        expect_state(page, "declined")

    return decline


def failed(page, draw, model):
    page.route(PREDICT, lambda route: route.abort())
    draw()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def rubbing(page, draw, model):
    answered(page, draw, model)
    page.get_by_role("button", name="Eraser").click()


def by_keyboard(page, draw, model):
    page.locator(".canvas").focus()
    for key in ("ArrowUp", "Space", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-role=cursor]")).to_be_visible()


def explaining(page, draw, model):
    answered(page, draw, model)
    page.get_by_role("button", name="Why?").click()
    expect(page.locator("[data-role=legend]")).to_be_visible()


STATES: dict[str, State] = {
    "empty": lambda page, draw, model: expect_state(page, "empty"),
    "drawing": lambda page, draw, model: draw(lift=False),
    "waiting": waiting,
    "waiting after an answer": waiting_after_an_answer,
    "answered": answered,
    "unsure": declined("unsure"),
    "not a digit": declined("not a digit"),
    "blank": declined("blank"),
    "failed": failed,
    "eraser on": rubbing,
    "nothing can say why": explaining,
    "fingers ignored": lambda page, draw, model: page.locator("[data-role=fingers]").evaluate(
        "notice => notice.hidden = false"
    ),
    "kept here": lambda page, draw, model: page.get_by_label("Keep my drawings on this device").check(),
    "cursor shown": by_keyboard,
    "keys listed": lambda page, draw, model: page.get_by_text("Keyboard shortcuts").click(),
    "a file is dragged over it": lambda page, draw, model: page.locator("[data-role=desk]").evaluate(
        "desk => desk.dataset.dragging = ''"
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(home, draw, model, state):
    STATES[state](home, draw, model)
    found = violations_in_every_look(home)
    model.may_answer.set()
    assert found == {}


def test_what_speaks_for_an_answer_is_shown_accessibly(page, shipped):  # noqa: F811
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    page.locator("[data-candidate='1']").click()
    expect(page.locator("[data-role=legend]")).to_be_visible()
    assert violations_in_every_look(page) == {}
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert violations(page) == []


def test_the_page_of_figures_is_accessible(home, monkeypatch):
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.get_by_role("link", name="How accurate is it?").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("How accurate is it?")
    assert violations_in_every_look(home) == {}


def test_where_no_page_is_it_is_accessible(home):
    home.goto(f"{home.url}no-such-page/")
    expect(home.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert violations_in_every_look(home) == {}


def test_forced_colours_are_accessible(home, draw, model):
    answered(home, draw, model)
    home.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert violations(home) == []


def test_a_page_from_right_to_left_is_accessible(home, draw, model):
    answered(home, draw, model)
    home.evaluate("document.documentElement.dir = 'rtl'")
    assert violations_in_every_look(home) == {}


# Without JavaScript: the page is read with scripts off, and then they are let in again for axe alone.


@pytest.fixture
def scripts(page: Page) -> Iterator[Callable[[bool], None]]:
    session = page.context.new_cdp_session(page)

    def allow(allowed: bool) -> None:
        session.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    allow(False)
    yield allow
    allow(True)


def test_the_page_without_scripts_is_accessible(scripts, home):
    expect(home.locator(".notice")).to_be_visible()
    scripts(True)
    home.evaluate(UNWRAP)
    assert violations_in_every_look(home) == {}


# axe takes `noscript` for hidden even where it is shown.
UNWRAP = "for (const part of document.body.querySelectorAll('noscript')) part.replaceWith(...part.childNodes)"


@pytest.mark.parametrize("reason", [None, "unsure"])
def test_the_page_that_answers_a_picture_is_accessible(scripts, home, model, reason):
    model.answer = reason and prediction(None, reason)
    send(home)
    expect(home.get_by_alt_text("The picture as the network sees it")).to_be_visible()
    scripts(True)
    assert violations_in_every_look(home) == {}


def test_the_page_that_refuses_a_picture_is_accessible(scripts, home):
    send(home, "notes.txt", b"no picture")
    expect(home.get_by_role("heading", level=1)).to_have_text("No answer")
    scripts(True)
    assert violations_in_every_look(home) == {}


# At 400 % zoom, 1280 × 1024 is 320 × 256: the canvas, on which a finger draws, must not be all that there is.


@pytest.fixture
def zoomed(home: Page) -> Page:
    home.set_viewport_size({"width": 320, "height": 256})
    return home


def test_zoomed_in_a_finger_finds_room_beside_the_canvas_and_nothing_is_cut_off(zoomed):
    box = zoomed.locator(".canvas").bounding_box()
    assert box["height"] <= 256 - 24
    assert box["x"] + box["width"] <= 320 - 24
    assert zoomed.evaluate("document.documentElement.scrollWidth <= innerWidth")


def swipe_up(page: Page, x: float, y: float) -> None:
    touch = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * 10, "touchEnd"]
    for step, kind in enumerate(kinds):
        points = [{"x": x, "y": y - 10 * step}] if kind != "touchEnd" else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_zoomed_in_a_finger_beside_the_canvas_scrolls(zoomed):
    [(right, y)] = on_canvas(zoomed, [(1, 0.7)])
    swipe_up(zoomed, (right + 320) / 2, y)
    zoomed.wait_for_function("() => scrollY > 0")
    assert ink_on(zoomed) == 0


def test_zoomed_in_a_finger_on_the_canvas_draws(zoomed):
    swipe_up(zoomed, *on_canvas(zoomed, [(0.5, 0.8)])[0])
    expect_digit(zoomed, "7")
    assert zoomed.evaluate("scrollY") == 0


def test_zoomed_in_a_wheel_scrolls_wherever_it_starts(zoomed):
    for place in on_canvas(zoomed, [(0.5, 0.5), (1.05, 0.5)]):
        zoomed.evaluate("scrollTo(0, 0)")
        zoomed.mouse.move(*place)
        zoomed.mouse.wheel(0, 100)
        zoomed.wait_for_function("() => scrollY > 0")


# What is heard and what moves


def test_while_the_pen_moves_nothing_is_announced_and_the_answer_once_it_lifts(page: Page, live_server):
    DigitModel.objects.all().delete()
    register_shipped()
    page.goto(live_server.url)
    page.get_by_label("Keep my drawings on this device").check()
    page.locator(".canvas").click()  # a dot is no digit, but its answer tells that the device is ready
    expect(page.locator("[data-role=source]")).to_have_text("Answered on this device", timeout=AT_MOST_MS)
    first, second, third = on_canvas(page, SEVEN)
    page.locator(".canvas").press("Escape")
    page.mouse.move(*first)
    page.mouse.down()
    page.evaluate(LISTEN)
    for place in (second, third):
        page.mouse.move(*place, steps=10)
    expect_digit(page, "7")
    assert page.evaluate("heard") == []
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("7. ")
    assert len(page.evaluate("heard")) == 1


LISTEN = """() => {
    const status = document.querySelector("[role=status]");
    globalThis.heard = [];
    new MutationObserver(() => status.textContent && heard.push(status.textContent))
        .observe(status, { subtree: true, childList: true, characterData: true });
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_nothing_moves_where_less_motion_is_asked_for(home, draw, model, motion):
    home.emulate_media(reduced_motion=motion)
    home.evaluate("""() => {
        globalThis.moved = 0;
        for (const name of ["transitionrun", "animationstart"]) addEventListener(name, () => (moved += 1));
    }""")
    waiting_after_an_answer(home, draw, model)
    model.may_answer.set()
    expect_digit(home, "7")
    assert (home.evaluate("moved") > 0) == (motion == "no-preference")
