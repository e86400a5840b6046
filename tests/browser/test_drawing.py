"""Drawing by mouse, finger and keyboard, and the ink on the canvas."""

import pytest
from playwright.sync_api import expect

from tests.support.visitor import expect_digit, expect_state, ink_on


def test_the_answer_appears_as_soon_as_the_mouse_lifts(home, draw, model):
    draw()
    expect_digit(home, "7")
    expect(home.get_by_role("heading", level=1)).to_contain_text("7")
    expect(home.locator("[data-role=headline]")).to_have_text("98.7% sure")
    assert len(model.inks) == 1


def test_strokes_are_sent_in_css_px_with_the_canvas_size(home, draw, model):
    draw()
    expect_digit(home, "7")
    [ink] = model.inks
    side = home.locator(".canvas").bounding_box()["width"]
    assert ink.min_extent == 8
    assert ink.strokes[0][0] == pytest.approx((0.3 * side, 0.28 * side), abs=1)
    assert ink.strokes[0][-1] == pytest.approx((0.44 * side, 0.78 * side), abs=1)


def test_a_second_stroke_asks_about_the_whole_drawing(home, draw, model):
    draw()
    expect_digit(home, "7")
    draw([(0.35, 0.5), (0.6, 0.5)])
    expect_state(home, "answered")
    assert [len(ink.strokes) for ink in model.inks] == [1, 2]


def test_clearing_empties_canvas_and_answer_and_asks_nothing(home, draw, model):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Clear").click()
    expect_digit(home, "")
    expect(home.get_by_text("Nothing drawn yet", exact=True).first).to_be_visible()
    assert ink_on(home) == 0
    assert len(model.inks) == 1


def test_an_empty_canvas_asks_nothing(home, model):
    home.locator(".canvas").press("Enter")
    expect(home.get_by_role("status")).to_have_text("Nothing drawn yet")
    expect_state(home, "empty")
    assert model.inks == []


def test_tab_reaches_the_canvas_right_after_the_header(home):
    home.keyboard.press("Tab")
    home.keyboard.press("Tab")  # of the language switch
    home.keyboard.press("Tab")
    expect(home.locator(".canvas")).to_be_focused()
    for name in ("Eraser", "Pen: medium", "Clear"):  # there is nothing to undo yet
        home.keyboard.press("Tab")
        expect(home.get_by_role("button", name=name)).to_be_focused()


@pytest.mark.parametrize("key", ["Escape", "Delete", "Backspace"])
def test_a_key_clears(home, draw, key):
    draw()
    expect_digit(home, "7")
    home.locator(".canvas").press(key)
    expect_state(home, "empty")
    assert ink_on(home) == 0


def test_clearing_in_the_middle_of_a_stroke_leaves_the_canvas_usable(home, draw, model):
    draw(lift=False)
    home.locator(".canvas").press("Escape")
    home.mouse.up()
    expect_state(home, "empty")
    draw()
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks] == [1]


def test_turning_the_phone_keeps_the_drawing(home, draw, model):
    draw()
    expect_digit(home, "7")
    before = home.locator(".canvas").bounding_box()["width"]
    home.set_viewport_size({"width": 700, "height": 600})
    home.wait_for_function("old => document.querySelector('.canvas').clientWidth !== old", arg=round(before) - 2)
    assert ink_on(home) > 0
    draw([(0.35, 0.5), (0.6, 0.5)])
    expect_state(home, "answered")
    after = home.locator(".canvas").bounding_box()["width"]
    assert model.inks[1].strokes[0][0] == pytest.approx((0.3 * after, 0.28 * after), abs=1)


def test_resizing_in_the_middle_of_a_stroke_leaves_the_canvas_usable(home, draw, model):
    draw(lift=False)
    home.set_viewport_size({"width": 360, "height": 800})
    home.mouse.up()
    expect_digit(home, "7")
    draw()
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks] == [1, 2]


def test_dark_mode_turns_the_ink_light(home, draw):
    draw()
    home.emulate_media(color_scheme="dark")
    light = """() => { const canvas = document.querySelector(".canvas");
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return data[0] < 60 && data.some((value, index) => index % 4 === 0 && value > 200); }"""
    assert home.wait_for_function(light).json_value()


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1440, 900), (844, 390), (320, 568)])
def test_the_canvas_is_in_view_and_nothing_is_wider_than_the_page(home, size):
    home.set_viewport_size({"width": size[0], "height": size[1]})
    box = home.locator(".canvas").bounding_box()
    assert box["y"] >= 0
    assert size[1] < 500 or box["y"] + box["height"] <= size[1]
    assert home.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("ratio", [1, 2, 2.75])
def test_ink_is_drawn_at_the_display_resolution(browser, live_server, model, ratio):
    page = browser.new_page(device_scale_factor=ratio, viewport={"width": 390, "height": 844})
    page.goto(live_server.url)
    width, side = page.locator(".canvas").evaluate("canvas => [canvas.width, canvas.clientWidth]")
    assert width == round(side * ratio)
    page.close()


def test_a_lost_canvas_is_repainted(home, draw):
    draw()
    before = ink_on(home)
    home.locator(".canvas").evaluate("""canvas => {
        canvas.getContext("2d").fillRect(0, 0, 1, 1); // all of it: the unit is its side
        canvas.dispatchEvent(new Event("contextrestored")); }""")
    assert ink_on(home) == before > 0


def test_a_canvas_of_the_default_width_is_square(home):
    home.set_viewport_size({"width": 334, "height": 700})
    home.reload()
    assert home.locator(".canvas").evaluate("canvas => [canvas.width, canvas.height]") == [300, 300]


def test_the_mouse_focuses_the_canvas_and_keys_show_its_focus_ring(home, draw):
    canvas = home.locator(".canvas")
    shadow = "canvas => getComputedStyle(canvas.parentElement).boxShadow"
    plain = canvas.evaluate(shadow)
    draw()
    expect(canvas).to_be_focused()
    assert canvas.evaluate(shadow) == plain
    assert home.evaluate("getSelection().toString()") == ""
    home.keyboard.press("ArrowLeft")
    assert canvas.evaluate(shadow) != plain
