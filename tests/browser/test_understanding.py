"""Candidates and "Why?": help in understanding an answer."""

import dataclasses

import pytest
from playwright.sync_api import Route, expect

from tests.support.stand_in import prediction
from tests.support.visitor import (
    SAVES_DATA,
    draw_seven,
    expect_digit,
    expect_source,
    expect_state,
    keep_here,
    on_canvas,
)


def share_of(page, candidate):
    return page.locator(f"[data-candidate='{candidate}'] [data-role=share]")


@pytest.fixture
def explained(page, shipped):
    """A seven, answered on the device."""
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    return page


def marks(page, kind):
    return page.locator(f"[data-role=why] .{kind}")


def test_not_a_digit_is_a_candidate_and_all_sum_to_100_percent(home, draw, model):
    model.answer = prediction(None, "not a digit")
    model.answer = dataclasses.replace(model.answer, confidence=0.2)
    draw()
    expect_state(home, "declined")
    expect(share_of(home, "none")).to_have_text("75%")
    expect(share_of(home, 7)).to_have_text("20%")
    expect(share_of(home, 1)).to_have_text("4%")
    expect(home.locator("[data-best]")).to_have_attribute("data-candidate", "none")


def test_a_blank_drawing_has_no_candidates(home, draw, model):
    model.answer = prediction(None, "blank")
    draw()
    expect_state(home, "declined")
    expect(share_of(home, 7)).to_have_text("–")
    expect(share_of(home, "none")).to_have_text("–")
    expect(home.locator("[data-best]")).to_have_count(0)


def test_a_nearly_certain_answer_is_never_shown_as_100_percent(home, draw, model):
    chances = (*[0.0] * 7, 0.9998, 0.0002, 0.0)
    model.answer = dataclasses.replace(prediction(7), confidence=0.9998, probabilities=chances)
    draw()
    expect(home.locator("[data-role=headline]")).to_have_text("99.9% sure")
    expect(home.locator("[data-best]")).to_contain_text("99.9%")


def test_why_marks_the_drawing_with_the_explanation(explained):
    explained.get_by_role("button", name="Why?").click()
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 7")
    assert marks(explained, "for").count() > 5
    expect(explained.locator("[data-candidate='7']")).to_have_attribute("aria-pressed", "true")
    places = marks(explained, "for").evaluate_all(
        "all => all.map(({ cx, cy }) => [cx.baseVal.value, cy.baseVal.value])"
    )
    # The seven goes from (0.3, 0.28) over (0.68, 0.27) to (0.44, 0.78).
    assert all(0.25 < x < 0.73 and 0.22 < y < 0.83 for x, y in places)
    explained.get_by_role("button", name="Why?").click()
    assert explained.locator("[data-role=why] circle").count() == 0


def test_choosing_another_candidate_explains_that_one(explained):
    explained.get_by_role("button", name="Why?").click()
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 7")
    explained.locator("[data-candidate=none]").click()  # "not a digit" has no explanation and changes nothing
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 7")
    explained.locator("[data-candidate='1']").click()
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 1")
    expect(explained.locator("[data-candidate='7']")).to_have_attribute("aria-pressed", "false")
    # The bar of the seven counts against a 1.
    heights = marks(explained, "against").evaluate_all("all => all.map(({ cy }) => cy.baseVal.value)")
    assert min(heights) < 0.35
    explained.locator("[data-candidate='1']").click()
    expect(explained.locator("[data-role=legend]")).to_be_hidden()


def test_the_explanation_follows_the_drawing_and_disappears_with_it(explained):
    explained.get_by_role("button", name="Why?").click()
    expect(marks(explained, "for").first).to_be_visible()
    explained.get_by_role("button", name="Clear").click()
    expect(explained.locator("[data-role=why] circle")).to_have_count(0)
    draw_seven(explained)
    expect(marks(explained, "for").first).to_be_visible()


def test_another_drawing_is_explained_by_its_own_best_digit(explained):
    explained.locator("[data-candidate='3']").click()
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 3")
    explained.get_by_role("button", name="Clear").click()
    draw_seven(explained)
    expect(explained.locator("[data-role=legend]")).to_contain_text("supports 7")


def test_asking_why_after_a_server_answer_loads_the_device(page, shipped):
    page.add_init_script(SAVES_DATA)
    page.goto(shipped)
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect(page.locator("[data-candidate='7']")).to_be_disabled()
    page.get_by_role("button", name="Why?").click()
    expect_source(page, "Answered on this device")
    expect(page.locator("[data-role=legend]")).to_contain_text("supports 7")


TELL_ONCE_READY = """globalThis.Worker = class extends Worker {
    constructor(...given) {
        super(...given);
        this.addEventListener("message", ({ data }) => data.ready && (document.title = "ready"));
    }
};"""


def test_asking_why_after_a_server_answer_uses_a_device_that_is_ready(page, shipped):
    held: list[Route] = []
    page.add_init_script(TELL_ONCE_READY)
    page.route("**/model.onnx", lambda route: held.append(route))
    page.goto(shipped)
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect(page).not_to_have_title("ready")
    for route in held:
        route.continue_()
    expect(page).to_have_title("ready")
    expect_source(page, "Answered by the server")
    page.get_by_role("button", name="Why?").click()
    expect_source(page, "Answered on this device")
    expect(page.locator("[data-role=legend]")).to_contain_text("supports 7")


def test_a_device_that_cannot_answer_says_that_it_cannot_explain(home, draw):
    draw()
    expect_digit(home, "7")
    why = home.get_by_role("button", name="Why?")
    why.click()
    words = "Explanations are only available for answers made on this device."
    expect(home.locator("[data-role=legend]")).to_have_text(words)
    expect(home.locator("[data-role=announcement]")).to_have_text(words)
    expect(why).to_be_focused()
    why.click()
    expect(home.locator("[data-role=legend]")).to_be_hidden()


def test_the_words_name_the_likely_digit(home, draw, model):
    model.answer = dataclasses.replace(prediction(None, "not a digit"), confidence=0.7)
    draw()
    expect(home.locator("[data-role=detail]")).to_contain_text("It's closest to 7")


def test_a_blank_drawing_cannot_be_explained(page, shipped):
    page.goto(shipped)
    keep_here(page)
    x, y = on_canvas(page, [(0.5, 0.5)])[0]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.up()
    expect_state(page, "declined")
    expect(page.get_by_role("button", name="Why?")).to_be_disabled()
    expect(page.locator("[data-candidate='3']")).to_be_disabled()


def test_a_screen_reader_hears_the_explanation(explained):
    explained.get_by_role("button", name="Why?").click()
    expect(explained.locator("[data-role=announcement]")).to_contain_text("supports 7")
    explained.locator("[data-candidate='1']").click()
    expect(explained.locator("[data-role=announcement]")).to_contain_text("supports 1")


def test_the_answer_can_be_copied(home, draw, context):
    context.grant_permissions(["clipboard-write"])
    expect(home.get_by_role("button", name="Copy")).to_be_hidden()
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Copy").click()
    expect(home.get_by_role("button", name="Copied")).to_be_visible()
    home.evaluate("document.body.append(document.createElement('textarea'))")
    home.locator("textarea").press("Control+V")  # the page itself may not read the clipboard
    expect(home.locator("textarea")).to_have_value("7")
