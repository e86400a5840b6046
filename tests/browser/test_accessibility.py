"""WCAG 2.2 AA in every state of the page, by axe-core; and scrolling, speech and motion, which axe cannot check."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from tests.support.accessibility import violations, violations_in_every_look
from tests.support.cards import CARD
from tests.support.stand_in import prediction
from tests.support.states import STATES, keep_waiting_after_an_answer, show_answer
from tests.support.visitor import (
    AT_MOST_MS,
    SEVEN,
    draw_seven,
    expect_digit,
    expect_source,
    ink_on,
    keep_here,
    on_canvas,
    send_picture,
)


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(home, draw, model, state):
    STATES[state](home, draw, model)
    found = violations_in_every_look(home)
    model.may_answer.set()
    assert found == {}


def test_the_explanation_is_accessible(page, shipped):
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


def test_the_page_for_a_missing_address_is_accessible(home):
    home.goto(f"{home.url}no-such-page/")
    expect(home.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert violations_in_every_look(home) == {}


def test_forced_colours_are_accessible(home, draw, model):
    show_answer(home, draw, model)
    home.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert violations(home) == []


def test_a_page_from_right_to_left_is_accessible(home, draw, model):
    show_answer(home, draw, model)
    home.evaluate("document.documentElement.dir = 'rtl'")
    assert violations_in_every_look(home) == {}


# Without JavaScript: the page loads with scripts off. Then they are allowed again, for axe only.


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


# axe treats `noscript` as hidden even when it is shown.
UNWRAP = "for (const part of document.body.querySelectorAll('noscript')) part.replaceWith(...part.childNodes)"


@pytest.mark.parametrize("reason", [None, "unsure"])
def test_the_page_that_answers_a_picture_is_accessible(scripts, home, model, reason):
    model.answer = reason and prediction(None, reason)
    send_picture(home)
    expect(home.get_by_alt_text("The picture as the network sees it")).to_be_visible()
    scripts(True)
    assert violations_in_every_look(home) == {}


def test_the_page_that_refuses_a_picture_is_accessible(scripts, home):
    send_picture(home, "notes.txt", b"no picture")
    expect(home.get_by_role("heading", level=1)).to_have_text("No answer")
    scripts(True)
    assert violations_in_every_look(home) == {}


# At 400 % zoom, 1280 × 1024 is 320 × 256: there must be room beside the canvas, on which a finger draws.


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


# Speech and motion


def test_an_answer_is_announced_only_after_the_pen_lifts(page: Page, live_server):
    DigitModel.objects.all().delete()
    register_shipped()
    page.goto(live_server.url)
    page.get_by_label("Keep my drawings on this device").check()
    page.locator(".canvas").click()  # a dot is blank, but its answer shows that the device is ready
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
    keep_waiting_after_an_answer(home, draw, model)
    model.may_answer.set()
    expect_digit(home, "7")
    assert (home.evaluate("moved") > 0) == (motion == "no-preference")
