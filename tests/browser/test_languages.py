"""The page in its five languages: the switch by mouse, by keys and without scripts; every writing system fits."""

import pytest
from playwright.sync_api import Page, expect

from digit_recognition.languages import NAMES, RIGHT_TO_LEFT
from digit_recognition.models import DigitModel
from tests.support.accessibility import violations_in_every_look
from tests.support.cards import CARD
from tests.support.drawings import PNG
from tests.support.offline import visit
from tests.support.stand_in import prediction
from tests.support.states import PAGE_STATES, answer_of
from tests.support.visitor import (
    draw_seven,
    expect_digit,
    expect_source,
    expect_state,
    ink_on,
    language,
    send_picture,
    switch_language,
)

PERCENT = {"en": "98.7%", "ne": "98.7%", "es": "98,7\u00a0%", "fr": "98,7\u00a0%", "ar": "98.7\u200e%\u200e"}
WIDTHS = (280, 320, 390)
PICTURE = {"name": "seven.png", "mimeType": "image/png", "buffer": PNG}


def overflow_px(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


# The switch


@pytest.mark.parametrize("code", NAMES)
def test_choosing_a_language_reloads_the_page_in_it(home, code):
    switch_language(home, "fr" if code == "en" else "en")
    switch_language(home, code)
    expect(language(home)).to_have_value(code)
    assert (home.evaluate("getComputedStyle(document.body).direction") == "rtl") == (code in RIGHT_TO_LEFT)
    home.reload()
    expect(home.locator("html")).to_have_attribute("lang", code)


def test_the_switch_has_a_name_and_is_large_enough_to_hit(home):
    box = home.get_by_label("Language").bounding_box()
    assert box["height"] >= 24 and box["width"] >= 24


def test_the_switch_stands_at_the_end_of_the_head(home):
    middle = "select => (({ left, right }) => (left + right) / 2 / innerWidth)(select.getBoundingClientRect())"
    assert language(home).evaluate(middle) > 0.5
    switch_language(home, "ar")
    assert language(home).evaluate(middle) < 0.5


def test_the_drawing_survives_the_switch(home, draw, model):
    draw()
    expect_digit(home, "7")
    switch_language(home, "ne")
    expect_digit(home, "7")
    assert ink_on(home) > 0
    assert [len(ink.strokes) for ink in model.inks] == [1, 1]


def test_switching_sends_the_language_and_no_drawing(page: Page, shipped):
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto(shipped)
    page.get_by_label("Keep my drawings on this device").check()
    draw_seven(page)
    expect_source(page, "Answered on this device")
    switch_language(page, "fr")
    expect_source(page, "Réponse de cet appareil")
    [request] = sent
    assert sorted(request.post_data_json) == ["csrfmiddlewaretoken", "language", "next"]


def test_a_choice_made_before_the_script_loads_can_be_confirmed(page, live_server):
    held = []
    page.route("**/languages.js", lambda route: held.append(route))
    with page.expect_request("**/languages.js"):
        page.goto(live_server.url, wait_until="commit")
    language(page).select_option("fr")
    held[0].continue_()
    page.get_by_role("button", name="Change").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_arrow_keys_only_choose_a_language_and_enter_switches(home):
    language(home).focus()
    for _ in range(4):
        home.keyboard.press("ArrowDown")
    expect(language(home)).to_have_value("ar")
    expect(home.locator("html")).to_have_attribute("lang", "en")
    expect(home.get_by_role("button", name="Change")).to_be_visible()
    home.keyboard.press("Enter")
    expect(home.locator("html")).to_have_attribute("lang", "ar")


def test_the_button_follows_by_keyboard_and_switches_too(home):
    language(home).focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        home.keyboard.press(key)
    expect(home.locator("html")).to_have_attribute("lang", "ne")
    expect(home.locator(".languages button")).to_be_hidden()


def test_the_switch_leads_back_to_the_page_of_figures(home, monkeypatch):
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.get_by_role("link", name="How accurate is it?").click()
    switch_language(home, "es")
    assert home.url.endswith("/model/")
    expect(home.get_by_role("heading", level=1)).to_have_text("¿Qué precisión tiene?")


@pytest.mark.parametrize("old", ["", "a" * 32])
def test_a_page_without_a_token_or_with_an_old_one_fetches_one_before_it_switches(home, old):
    home.locator(".languages [name=csrfmiddlewaretoken]").evaluate("(token, old) => (token.value = old)", old)
    switch_language(home, "fr")


def test_without_a_network_the_switch_is_disabled(home, context):
    context.set_offline(True)
    expect(language(home)).to_be_disabled()
    context.set_offline(False)
    expect(language(home)).to_be_enabled()


def test_a_cached_page_comes_in_the_new_language(page, context, production):
    visit(page, production)
    switch_language(page, "fr")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    context.set_offline(True)
    page.reload()
    expect(page.locator(".canvas")).to_be_visible()


def test_after_going_back_the_switch_shows_the_language_of_the_page(home):
    switch_language(home, "ar")
    home.go_back()
    here = home.locator("html").get_attribute("lang")
    expect(language(home)).to_have_value(here)


@pytest.fixture
def without_scripts(new_context, live_server, model):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    return page


def test_without_scripts_a_button_switches(without_scripts):
    language(without_scripts).select_option("fr")
    without_scripts.get_by_role("button", name="Change").click()
    expect(without_scripts.locator("html")).to_have_attribute("lang", "fr")
    expect(without_scripts.locator(".notice")).to_contain_text("il faut JavaScript")


def test_without_scripts_an_answer_links_back_to_the_drawing_page(without_scripts):
    send_picture(without_scripts)
    language(without_scripts).select_option("ar")
    without_scripts.get_by_role("button", name="Change").click()
    expect(without_scripts.locator("html")).to_have_attribute("lang", "ar")
    assert without_scripts.url.endswith("/") and "read" not in without_scripts.url


# The page in each language


@pytest.mark.parametrize("code", NAMES)
def test_script_and_server_write_the_same_percent(home, draw, without_scripts, code):
    if code != "en":
        switch_language(home, code)
        language(without_scripts).select_option(code)
        without_scripts.locator(".languages button").click()
    draw()
    expect_digit(home, "7")
    without_scripts.locator("input[name=image]").set_input_files(PICTURE)
    without_scripts.locator(".upload button").click()
    said = [answer_page.locator(".headline").text_content() for answer_page in (home, without_scripts)]
    assert said[0] == said[1].strip() and PERCENT[code] in said[0]


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize(
    "state", ["empty", "answered", "unsure", "not a digit", "a number", "an unsure number", "failed"]
)
def test_nothing_scrolls_sideways_on_a_phone(home, draw, model, code, state):
    if code != "en":
        switch_language(home, code)
    if state not in ("empty", "answered", "failed"):
        model.answer = answer_of(state)
    if state == "failed":
        home.route("**/read/", lambda route: route.abort())
    if state != "empty":
        draw()
        expect_state(home, PAGE_STATES.get(state, "declined"))
    assert overflow_by_width(home) == dict.fromkeys(WIDTHS, 0)


def overflow_by_width(page):
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        found[width] = max(0, overflow_px(page))
    return found


@pytest.mark.parametrize("code", NAMES)
def test_the_page_of_figures_does_not_scroll_sideways_either(home, monkeypatch, code):
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.goto(home.url + "model/")
    if code != "en":
        switch_language(home, code)
    assert overflow_by_width(home) == dict.fromkeys(WIDTHS, 0)


@pytest.mark.parametrize("code", ["ar", "ne"])
@pytest.mark.parametrize("reason", [None, "unsure"])
def test_the_page_is_accessible_in_other_scripts(home, draw, model, code, reason):
    switch_language(home, code)
    model.answer = reason and prediction(None, reason)
    draw()
    expect_state(home, "declined" if reason else "answered")
    assert violations_in_every_look(home) == {}


@pytest.mark.parametrize("code", ["ar", "ne"])
def test_the_page_of_figures_is_accessible_in_other_scripts(home, monkeypatch, code):
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.goto(home.url + "model/")
    switch_language(home, code)
    assert violations_in_every_look(home) == {}


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_joined_letters_have_no_letter_spacing(home, code):
    switch_language(home, code)
    spacings = "all => all.map((element) => getComputedStyle(element).letterSpacing)"
    assert {*home.locator("body *").evaluate_all(spacings)} <= {"normal", "0px"}
