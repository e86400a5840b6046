"""On a phone or tablet: no hover styles, targets that are large enough, and no hints about a mouse or keys."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import digit_recognition
from digit_recognition.languages import NAMES
from digit_recognition.models import DigitModel
from tests.support.cards import CARD
from tests.support.pictures import TEXT, file_of, hand_over, seven
from tests.support.states import PAGE_STATES, STATES, answer_of
from tests.support.visitor import expect_digit, expect_state, send_picture

STYLES = sorted((Path(digit_recognition.__file__).parent / "static").rglob("*.css"))
# The hover rules, and whether each applies only to pointers that hover.
HOVERS = """async (text) => {
    const found = [];
    const walk = (rules, hovers) => {
        for (const rule of rules) {
            if (rule.selectorText?.includes(":hover")) found.push([rule.selectorText, hovers]);
            walk(rule.cssRules ?? [], hovers || /\\(hover: hover\\)/.test(rule.conditionText));
        }
    };
    walk((await new CSSStyleSheet().replace(text)).cssRules, false);
    return found;
}"""


@pytest.fixture
def touch():
    return True


@pytest.fixture
def browser_context_args(browser_context_args, touch):
    return browser_context_args | {"has_touch": touch, "is_mobile": touch}


def test_no_hover_style_stays_after_a_touch(page):
    found = [rule for file in STYLES for rule in page.evaluate(HOVERS, file.read_text(encoding="utf-8"))]
    assert len(found) > 3
    assert [selector for selector, hovers in found if not hovers] == []


# Scrolling to the canvas

BROUGHT = {
    "gallery": lambda page: page.locator("[data-example]").last.tap(),
    "chosen": lambda page: page.locator("#picture").set_input_files([file_of(seven())]),
    "photographed": lambda page: page.locator("[capture]").set_input_files([file_of(seven())]),
    "dropped": lambda page: hand_over(page, file_of(seven()), "drop"),
    "pasted": lambda page: hand_over(page, file_of(seven()), "paste"),
}
# Scroll positions from now on.
WATCH_SCROLLING = """() => {
    globalThis.places = [];
    addEventListener("scroll", () => places.push(scrollY));
}"""
IN_VIEW = """part => {
    const { top, bottom } = part.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""


def come_into_view(page, *parts):
    for part in parts:
        page.wait_for_function(f"part => ({IN_VIEW})(document.querySelector(part))", arg=part)


def scroll_to_the_end(page):
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert not page.locator(".canvas").evaluate(IN_VIEW)


@pytest.mark.parametrize("way", BROUGHT)
def test_a_changed_canvas_scrolls_into_view_with_its_answer(home, model, way):
    scroll_to_the_end(home)
    BROUGHT[way](home)
    come_into_view(home, ".canvas", ".verdict")
    expect_digit(home, "7")
    assert home.locator(".canvas").evaluate(IN_VIEW)


def test_the_error_for_a_file_that_cannot_be_opened_is_in_view(home):
    scroll_to_the_end(home)
    home.locator("#picture").set_input_files([TEXT])
    expect_state(home, "failed")
    come_into_view(home, "[data-role=detail]")


@pytest.mark.parametrize("way", ["gallery", "chosen"])
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_scrolling_is_smooth_unless_reduced_motion_is_requested(home, model, way, motion):
    home.emulate_media(reduced_motion=motion)
    scroll_to_the_end(home)
    before = home.evaluate("scrollY")
    home.evaluate(WATCH_SCROLLING)
    BROUGHT[way](home)
    come_into_view(home, ".canvas")
    expect_digit(home, "7")
    between = {*home.evaluate("places")} - {before, home.evaluate("scrollY")}
    assert bool(between) == (motion == "no-preference")


@pytest.mark.parametrize("way", ["chosen", "pasted"])
def test_the_page_does_not_scroll_when_the_canvas_is_in_view(home, model, way):
    home.evaluate("scrollTo(0, 20)")
    BROUGHT[way](home)
    expect_digit(home, "7")
    assert home.evaluate("scrollY") == 20


# Hints

OF_A_MOUSE_OR_KEYS = re.compile("arrow|drop|keyboard|mouse|paste|space", re.IGNORECASE)


either = pytest.mark.parametrize("touch", [True, False], ids=["touch", "mouse"])


@pytest.fixture
def told(new_context, live_server):
    def told(language):
        page = new_context(locale=language).new_page()
        page.goto(live_server.url)
        return page

    return told


@either
def test_hints_for_mouse_and_keys_are_shown_only_where_they_exist(told, touch):
    page = told("en")
    words = page.locator(".help").inner_text() + page.locator(".upload").inner_text()
    found = {word.lower() for word in OF_A_MOUSE_OR_KEYS.findall(words)}
    assert found == (set() if touch else {"arrow", "drop", "keyboard", "mouse", "paste", "space"})


@either
@pytest.mark.parametrize("code", NAMES)
def test_hints_are_the_same_in_every_language(told, touch, code):
    page = told(code)
    by_mouse, by_touch = (page.locator(f".by-{kind}").filter(visible=True).count() for kind in ("mouse", "touch"))
    assert (by_mouse, by_touch) == ((0, 2) if touch else (3, 0))


@either
def test_a_screen_reader_hears_how_to_draw_on_this_device(told, touch):
    keys = "Arrow keys move the pen. Space lowers or lifts it."
    words = "Draw with a finger or a pen." if touch else f"Draw with a mouse, finger, pen or keyboard. {keys}"
    expect(told("en").locator(".canvas")).to_have_accessible_description(words)


# Landscape

ON_ITS_SIDE = [(667, 375), (740, 360), (844, 390), (932, 430)]
OUT_OF_VIEW = """parts => parts.filter((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
}).map((part) => part.className + part.dataset.action)"""
LONGEST = """detail => (detail.textContent = Object.entries(document.querySelector(".desk").dataset)
    .filter(([name]) => name.startsWith("text")).map(([, text]) => text).sort((a, b) => b.length - a.length)[0])"""


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize(
    "state", ["empty", "answered", "unsure", "not a digit", "a number", "an unsure number", "failed"]
)
def test_in_landscape_canvas_tools_and_answer_are_in_view(told, model, code, state):
    page = told(code)
    model.answer = None if state in ("empty", "answered", "failed") else answer_of(state)
    if state == "failed":
        page.route("**/read/", lambda route: route.abort())
    if state != "empty":
        page.locator(".canvas").tap()
        expect_state(page, PAGE_STATES.get(state, "declined"))
    if "number" not in state and state != "answered":  # the longest texts tell of failures
        page.locator("[data-role=detail]").evaluate(LONGEST)
    found = {}
    for width, height in ON_ITS_SIDE:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        parts = page.locator(".canvas, .tools button, .answer, .answer :is(h1, p, button)").filter(visible=True)
        found[width] = parts.evaluate_all(OUT_OF_VIEW)
    assert found == {width: [] for width, _ in ON_ITS_SIDE}


# Target sizes

PHONES = [(320, 640), (390, 844), (844, 390)]
# Targets not hit at the ends of a cross of 44 px, less a pixel at each end, because browsers round positions.
TOO_SMALL = """() => {
    const kinds = "a[href], button, input:not([type=hidden]), select, summary, label:has(input), [tabindex]";
    const cross = [[0, 0], [-21, 0], [21, 0], [0, -21], [0, 21]];
    const tapped = [...document.querySelectorAll(kinds)]
        .filter((target) => target.checkVisibility() && !target.matches("label *"));
    const small = tapped.filter((target) => {
        target.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = target.getBoundingClientRect();
        const under = ([x, y]) => document.elementFromPoint(left + width / 2 + x, top + height / 2 + y);
        return !cross.every((place) => target.contains(under(place)));
    });
    return [tapped.length, small.map((target) => target.outerHTML.slice(0, 150))];
}"""


def too_small(page):
    found = []
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        count, small = page.evaluate(TOO_SMALL)
        assert count > 0
        found += [(width, target) for target in small]
    return found


@pytest.mark.parametrize("state", sorted({*STATES} - {"keys listed"}))
def test_every_target_is_large_enough_in_every_state(home, draw, model, state):
    STATES[state](home, draw, model)
    found = too_small(home)
    model.may_answer.set()
    assert found == []


@pytest.mark.parametrize("code", NAMES)
def test_every_target_is_large_enough_in_every_language(told, code):
    assert too_small(told(code)) == []


def test_every_target_is_large_enough_on_the_page_of_figures(home, monkeypatch):
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.goto(home.url + "model/")
    assert too_small(home) == []
    home.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
    assert too_small(home) == []


@pytest.mark.parametrize("way", ["no such page", "a fault"])
def test_every_target_is_large_enough_on_the_error_page(home, monkeypatch, way):
    if way == "a fault":
        monkeypatch.setattr("digit_recognition.views.render", lambda *arguments: 1 / 0)
    home.goto(home.url + ("" if way == "a fault" else "no-such-page/"))
    expect(home.locator("main.error")).to_be_visible()
    assert too_small(home) == []


@pytest.mark.parametrize("page_of", ["form", "answer", "refusal"])
def test_every_target_is_large_enough_without_scripts(new_context, live_server, model, page_of):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    if page_of != "form":
        send_picture(page, **({} if page_of == "answer" else {"name": "notes.txt", "content": b"no picture"}))
    expect(page.get_by_role("button", name="Change")).to_be_visible()
    assert too_small(page) == []
