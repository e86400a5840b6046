"""Undo, redo, eraser and keyboard: their effect on the ink, and that the visible ink is the ink that is read."""

import pytest
from playwright.sync_api import expect

from tests.support.visitor import expect_digit, expect_state, ink_on

BAR = [(0.35, 0.5), (0.6, 0.5)]


def use(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def strokes(model):
    return [len(ink.strokes) for ink in model.inks]


def test_undo_and_redo_go_through_every_stroke_and_ask_again(home, draw, model):
    draw()
    expect_digit(home, "7")
    draw(BAR)
    expect_digit(home, "7")
    use(home, "Undo")
    expect_digit(home, "7")
    use(home, "Undo")
    expect_state(home, "empty")
    assert ink_on(home) == 0
    expect(home.get_by_role("button", name="Undo")).to_be_disabled()
    for _ in range(2):
        use(home, "Redo")
        expect_digit(home, "7")
    expect(home.get_by_role("button", name="Redo")).to_be_disabled()
    assert strokes(model) == [1, 2, 1, 1, 2]


def test_clear_can_be_undone(home, draw, model):
    draw()
    expect_digit(home, "7")
    use(home, "Clear")
    expect_state(home, "empty")
    use(home, "Undo")
    expect_digit(home, "7")
    assert strokes(model) == [1, 1]


def test_a_new_stroke_forgets_what_was_undone(home, draw):
    draw()
    use(home, "Undo")
    draw(BAR)
    expect_digit(home, "7")
    expect(home.get_by_role("button", name="Redo")).to_be_disabled()


def test_the_eraser_cuts_a_stroke_in_two_and_what_is_left_is_read(home, draw, model):
    draw([(0.2, 0.5), (0.8, 0.5)])
    expect_digit(home, "7")
    before = ink_on(home)
    use(home, "Eraser")
    draw([(0.5, 0.4), (0.5, 0.6)])
    expect_digit(home, "7")
    assert strokes(model) == [1, 2]
    assert 0 < ink_on(home) < before
    left, right = model.inks[-1].strokes
    side = home.locator(".canvas").bounding_box()["width"]
    assert left[-1][0] < 0.46 * side and right[0][0] > 0.54 * side
    use(home, "Undo")
    expect_digit(home, "7")
    assert strokes(model) == [1, 2, 1]


def test_the_eraser_beside_the_ink_changes_nothing_and_asks_nothing(home, draw, model):
    draw(BAR)
    expect_digit(home, "7")
    use(home, "Eraser")
    expect(home.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "true")
    draw([(0.1, 0.1), (0.2, 0.1)])
    use(home, "Undo")
    expect_state(home, "empty")
    assert strokes(model) == [1]


def test_everything_can_be_rubbed_out(home, draw):
    draw(BAR)
    use(home, "Eraser")
    draw([(0.2, 0.5), (0.8, 0.5)])
    expect_state(home, "empty")
    assert ink_on(home) == 0


@pytest.mark.parametrize(("undo", "redo"), [("Control+z", "Control+y"), ("Control+z", "Control+Shift+z")])
def test_keys_undo_and_redo(home, draw, undo, redo):
    draw()
    expect_digit(home, "7")
    home.locator(".canvas").press(undo)
    expect_state(home, "empty")
    home.locator(".canvas").press(redo)
    expect_digit(home, "7")


def test_a_drawing_cleared_by_button_comes_back_by_keys(home, draw):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Clear").click()
    home.keyboard.press("Control+z")
    expect_digit(home, "7")


def test_a_digit_can_be_drawn_by_keyboard(home, model):
    canvas = home.locator(".canvas")
    canvas.focus()
    for key in ["ArrowUp"] * 4 + ["Space"] + ["ArrowDown"] * 8 + ["Space"]:
        home.keyboard.press(key)
    expect_digit(home, "7")
    [ink] = model.inks
    side = canvas.bounding_box()["width"]
    assert ink.strokes[0][0] == pytest.approx((0.5 * side, 0.4 * side))
    assert ink.strokes[0][-1] == pytest.approx((0.5 * side, 0.6 * side))


def test_a_screen_reader_hears_which_tool_the_keys_hold(home, model):
    home.locator(".canvas").focus()
    status = home.get_by_role("status")
    for key, words in [("e", "Eraser"), ("e", "Pen: medium"), ("w", "Pen: broad"), ("Space", "Pen down")]:
        home.keyboard.press(key)
        expect(status).to_have_text(words)
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Space")
    expect(status).to_have_text("7. 98.7% sure")
    home.keyboard.press("Space")
    home.keyboard.press("Space")  # lifted before any announcement
    home.wait_for_timeout(400)
    expect(status).to_have_text("7. 98.7% sure")


def test_the_keyboard_does_not_disturb_a_pointer_stroke(home, draw, model):
    draw(lift=False)
    home.keyboard.press("Space")
    home.mouse.up()
    expect_digit(home, "7")
    assert strokes(model)[-1] == 1 and len(model.inks[-1].strokes[0]) > 3


def test_after_the_last_undo_by_keyboard_focus_stays_in_the_toolbar(home, draw):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Undo").focus()
    home.keyboard.press("Enter")
    expect(home.get_by_role("button", name="Undo")).to_be_disabled()
    expect(home.get_by_role("button", name="Redo")).to_be_focused()


def test_leaving_the_canvas_lifts_the_keyboards_pen(home, model):
    home.locator(".canvas").focus()
    for key in ["Space", "ArrowDown", "ArrowDown", "Tab"]:
        home.keyboard.press(key)
    expect_digit(home, "7")
    expect(home.locator("[data-role=cursor]")).to_be_hidden()


def test_the_keyboard_pen_erases_when_the_eraser_is_chosen(home, draw, model):
    draw([(0.2, 0.5), (0.8, 0.5)])
    expect_digit(home, "7")
    for key in ["e", "Space", "ArrowDown", "Space"]:
        home.keyboard.press(key)
    expect(home.get_by_role("button", name="Undo")).to_be_enabled()
    home.keyboard.press("Enter")
    expect_digit(home, "7")
    assert strokes(model)[0] == 1 and strokes(model)[-1] == 2


def test_a_space_held_down_scrolls_nothing(home):
    home.locator(".canvas").focus()
    for _ in range(5):
        home.keyboard.down("Space")  # the first is the press, the others its repeats
    assert home.evaluate("scrollY") == 0
    expect(home.locator("[data-role=cursor]")).to_have_attribute("data-down", "")


def test_clearing_lifts_the_keyboards_pen(home, model):
    home.locator(".canvas").focus()
    for key in ["Space", "ArrowDown", "ArrowDown", "Escape", "ArrowDown", "Space", "ArrowDown", "Space"]:
        home.keyboard.press(key)
    expect_digit(home, "7")
    assert strokes(model)[-1] == 1
    assert len(model.inks[-1].strokes[0]) == 2


def test_a_pointer_finishes_what_the_keyboard_began(home, draw, model):
    home.locator(".canvas").focus()
    for key in ["Space", "ArrowDown", "ArrowDown"]:
        home.keyboard.press(key)
    draw(BAR)
    expect_digit(home, "7")
    assert strokes(model)[-1] == 2


@pytest.mark.parametrize(
    ("key", "code", "held", "left"),
    [
        ("Z", "KeyZ", {"ctrlKey": True}, 0),  # with Caps Lock
        ("Z", "KeyZ", {"ctrlKey": True, "shiftKey": True}, 1),
        ("ئ", "KeyZ", {"ctrlKey": True}, 0),  # an Arabic keyboard
        ("w", "KeyZ", {"ctrlKey": True}, 1),  # a French one, whose Z is elsewhere
    ],
)
def test_shortcuts_work_in_any_keyboard_layout(home, draw, key, code, held, left):
    draw()
    expect_digit(home, "7")
    press = "(canvas, event) => canvas.dispatchEvent(new KeyboardEvent('keydown', event))"
    home.locator(".canvas").evaluate(press, {"key": key, "code": code, "bubbles": True, "cancelable": True, **held})
    home.wait_for_function(f"() => JSON.parse(sessionStorage.drawing).length === {left}")


def test_single_keys_do_nothing_away_from_the_canvas(home, draw):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Eraser").focus()
    for key in ["Escape", "Delete", "e"]:
        home.keyboard.press(key)
    expect_digit(home, "7")
    expect(home.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "false")


EMPTIED = {
    "Clear": lambda page, draw: use(page, "Clear"),
    "Escape": lambda page, draw: page.locator(".canvas").press("Escape"),
    "undone": lambda page, draw: use(page, "Undo"),
    "rubbed out": lambda page, draw: draw(BAR),
}


@pytest.mark.parametrize("way", EMPTIED)
def test_after_clearing_the_pen_draws_again(home, draw, way):
    draw(BAR)
    use(home, "Eraser")
    EMPTIED[way](home, draw)
    expect_state(home, "empty")
    expect(home.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "false")
    draw()
    expect_digit(home, "7")
    home.locator(".canvas").press("e")
    expect(home.get_by_role("status")).to_have_text("Eraser")


@pytest.mark.parametrize("by_key", [False, True], ids=["button", "key"])
def test_choosing_a_pen_width_selects_the_pen(home, draw, model, by_key):
    draw(BAR)
    use(home, "Eraser")
    home.locator(".canvas").press("w") if by_key else use(home, "Pen: medium")
    expect(home.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "false")
    expect(home.get_by_role("button", name="Pen: broad")).to_be_visible()
    draw()
    expect_digit(home, "7")
    assert strokes(model)[-1] == 2
