"""Mouse, finger and pen in real use: strokes that leave the canvas, repeat, are cancelled or never end."""

from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.visitor import SEVEN, expect_digit, expect_state, ink_on, on_canvas

LINE = [(0.2, 0.5), (0.8, 0.5)]
TOP = [(0.2, 0.2), (0.6, 0.2)]
# Whether given places are inked, and how wide the ink is around others, in pixels.
ACROSS = """([corners, middles]) => {
    const { width, height } = document.querySelector(".canvas");
    const { data } = document.querySelector(".canvas").getContext("2d").getImageData(0, 0, width, height);
    const pixels = new Uint32Array(data.buffer);
    const inked = (x, y) => pixels[Math.floor(y * height) * width + Math.floor(x * width)] !== pixels[0];
    const far = (x, y, step) => (inked(x, y) ? 1 + far(x + step / width, y, step) : 0);
    return {
        corners: corners.map((place) => inked(...place)),
        middles: middles.map(([x, y]) => far(x, y, 1) + far(x - 1 / width, y, -1)),
    };
}"""
SLOW = {"offline": False, "latency": 600, "downloadThroughput": 40_000, "uploadThroughput": 20_000}  # ms, B/s


@pytest.fixture
def hand(page):
    """Sends input of a screen, mouse or pen to the browser, not to the page."""
    return page.context.new_cdp_session(page)


def finger(hand, kind, *places):
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
    hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def finger_stroke(hand, places, end="touchEnd"):
    finger(hand, "touchStart", places[0])
    for place in places[1:]:
        finger(hand, "touchMove", place)
    finger(hand, end)


def pen(hand, kind, place, force=0.5, **more):
    x, y = place
    event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": int(kind != "mouseReleased"), "force": force}
    hand.send("Input.dispatchMouseEvent", event | {"pointerType": "pen", "clickCount": 1} | more)


def pen_stroke(hand, places, **more):
    pen(hand, "mousePressed", places[0], **more)
    for place in places[1:]:
        pen(hand, "mouseMoved", place, **more)
    pen(hand, "mouseReleased", places[-1], **more)


def strokes(model):
    return [len(ink.strokes) for ink in model.inks]


def test_a_finger_draws_and_does_not_scroll(home, hand, model):
    finger_stroke(hand, on_canvas(home, SEVEN))
    expect_digit(home, "7")
    assert len(model.inks[0].strokes[0]) == 3
    assert home.evaluate("scrollY") == 0


def test_a_second_finger_draws_nothing(home, hand, model):
    first, second, third = on_canvas(home, SEVEN)
    finger(hand, "touchStart", first)
    finger(hand, "touchStart", first, second)
    finger(hand, "touchMove", (first[0] + 60, first[1]), third)
    finger(hand, "touchEnd")
    expect_digit(home, "7")
    [ink] = model.inks
    assert len(ink.strokes) == 1
    assert len(ink.strokes[0]) == 2


def test_a_touch_that_the_system_cancels_ends_the_stroke(home, hand, draw, model):
    finger_stroke(hand, on_canvas(home, SEVEN)[:2], end="touchCancel")
    expect_digit(home, "7")
    draw()
    expect_digit(home, "7")
    assert strokes(model) == [1, 2]


RING = [(0.5, 0.2), (0.7, 0.5), (0.5, 0.8), (0.3, 0.5), (0.5, 0.2)]


def test_a_closed_stroke_cancelled_by_the_system_stays(home, hand, model):
    finger_stroke(hand, on_canvas(home, RING), end="touchCancel")
    expect_digit(home, "7")
    assert len(model.inks[-1].strokes[0]) == 5


def test_a_closed_stroke_that_loses_its_pointer_stays(home, draw, model):
    draw(RING[:-1], lift=False)
    canvas = home.locator(".canvas")
    canvas.evaluate("canvas => canvas.dispatchEvent(new PointerEvent('lostpointercapture', { pointerId: 1 }))")
    canvas.evaluate("canvas => canvas.releasePointerCapture(1)")
    home.mouse.move(*on_canvas(home, RING[-1:])[0])
    home.mouse.up()
    expect_digit(home, "7")
    assert strokes(model)[-1] == 1
    np.testing.assert_allclose(model.inks[-1].strokes[0][-1], model.inks[-1].strokes[0][0], atol=1)


@pytest.mark.browser_context_args(is_mobile=True, has_touch=True)
def test_after_pinch_zoom_ink_is_where_the_finger_is(home, hand, model):
    hand.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    assert home.evaluate("visualViewport.scale") == 2
    finger_stroke(hand, on_canvas(home, TOP))
    expect_digit(home, "7")
    side = home.locator(".canvas").bounding_box()["width"]
    np.testing.assert_allclose(model.inks[-1].strokes[0] / side, TOP, atol=0.02)


def test_a_stroke_that_leaves_the_canvas_ends_where_the_pen_lifts(home, draw, model):
    draw([(0.5, 0.2), (0.5, 1.4)])
    expect_digit(home, "7")
    draw(TOP)
    expect_state(home, "answered")
    assert strokes(model) == [1, 2]


def test_the_right_button_draws_nothing(home):
    home.locator(".canvas").click(button="right")
    assert ink_on(home) == 0
    expect_state(home, "empty")


def test_a_pens_other_button_draws_nothing(home, hand):
    place = on_canvas(home, LINE)[0]
    for kind in ("mousePressed", "mouseReleased"):
        pen(hand, kind, place, button="right", buttons=2 * int(kind == "mousePressed"))
    assert ink_on(home) == 0
    expect_state(home, "empty")


def test_releasing_one_of_two_buttons_ends_the_stroke(home, draw, model):
    draw(LINE, lift=False)
    home.mouse.down(button="right")
    home.mouse.up(button="left")
    home.mouse.move(*on_canvas(home, [(0.8, 0.9)])[0])
    home.mouse.up(button="right")
    expect_digit(home, "7")
    assert model.inks[-1].strokes[0][:, 1].max() < 0.6 * home.locator(".canvas").bounding_box()["width"]


def test_a_pen_whose_lift_was_missed_draws_again(home, draw, model):
    draw(LINE, lift=False)
    home.evaluate("""() => {
        const swallow = (event) => event.stopImmediatePropagation();
        for (const name of ["pointerup", "lostpointercapture"])
            addEventListener(name, swallow, { capture: true, once: true });
    }""")
    home.mouse.up()
    draw(SEVEN)
    expect_digit(home, "7")
    assert strokes(model)[-1] == 2


def test_the_ink_goes_into_every_corner_at_its_full_width(home):
    """Even when drawn fast: the browser may report only the corners."""
    corners = [(0.1 + 0.08 * number, 0.8 if number % 2 else 0.2) for number in range(11)]
    places = on_canvas(home, corners)
    home.mouse.move(*places[0])
    home.mouse.down()
    for place in places[1:]:
        home.mouse.move(*place)
    home.mouse.up()
    expect_digit(home, "7")
    middles = [((x + nextX) / 2, 0.5) for (x, _), (nextX, _) in pairwise(corners)]
    width = home.evaluate(ACROSS, [corners, middles])
    assert width["corners"] == [True] * len(corners)
    assert max(width["middles"]) - min(width["middles"]) <= 2 and min(width["middles"]) > 5, width


def test_a_harder_press_makes_a_wider_line(home, hand):
    inked = []
    for force in (0.1, 0.9):
        pen_stroke(hand, on_canvas(home, [(0.2 + step / 20, 0.5) for step in range(12)]), force=force)
        expect_digit(home, "7")
        inked.append(ink_on(home))
        home.get_by_role("button", name="Clear").click()
    assert inked[1] > 1.3 * inked[0], inked


def test_once_a_pen_has_drawn_touch_is_ignored(home, hand, model):
    first, second, third = on_canvas(home, SEVEN)
    pen_stroke(hand, [first, second])
    expect_digit(home, "7")
    finger_stroke(hand, [second, third])
    pen_stroke(hand, [second, third])
    expect_digit(home, "7")
    assert strokes(model) == [1, 2]


def test_an_ignored_finger_is_explained_and_can_be_allowed(home, hand, model):
    first, second, third = on_canvas(home, SEVEN)
    notice = home.locator("[data-role=fingers]")
    pen_stroke(hand, [first, second])
    expect_digit(home, "7")
    finger_stroke(hand, [second, (second[0] + 5, second[1] + 5)])  # a resting palm
    expect(notice).to_be_hidden()
    finger_stroke(hand, [second, third])
    expect(notice).to_contain_text("Pen detected – touch is off.")
    under = notice.bounding_box()
    pen_stroke(hand, [(under["x"] + 20, under["y"] + 5), third])
    expect(notice).to_be_hidden()
    expect_digit(home, "7")
    finger_stroke(hand, [second, third])
    home.get_by_role("button", name="Draw with touch").click()
    expect(notice).to_be_hidden()
    expect(home.locator(".canvas")).to_be_focused()
    finger_stroke(hand, [first, third])
    expect_digit(home, "7")
    assert strokes(model) == [1, 2, 3]
    pen_stroke(hand, [first, second])
    finger_stroke(hand, [second, third])
    expect(notice).to_be_visible()


def test_a_resting_palm_does_not_block_the_pen(home, hand, model):
    first, second, third = on_canvas(home, SEVEN)
    finger(hand, "touchStart", third)
    pen_stroke(hand, [first, second])
    finger(hand, "touchEnd")
    expect_digit(home, "7")
    assert strokes(model)[-1] == 1
    side = home.locator(".canvas").bounding_box()["width"]
    np.testing.assert_allclose(model.inks[-1].strokes[0][-1] / side, SEVEN[1], atol=0.02)


def test_a_scribble_of_more_points_than_the_limit_is_read(home, model):
    scribbled = """canvas => {
        const { left, top, width } = canvas.getBoundingClientRect();
        const send = (type, turn) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse",
            button: 0, buttons: type === "pointerup" ? 0 : 1, bubbles: true,
            clientX: left + width * (0.5 + 0.4 * Math.sin(turn)),
            clientY: top + width * (0.5 + 0.4 * Math.cos(turn * 1.7)) }));
        canvas.setPointerCapture = () => {};
        send("pointerdown", 0);
        for (let point = 1; point < 25_000; point += 1) send("pointerrawupdate", point / 9);
        send("pointerup", 25_000 / 9);
    }"""
    home.locator(".canvas").evaluate(scribbled)
    expect_digit(home, "7")
    [ink] = model.inks
    assert 5_000 < len(ink.strokes[0]) <= 10_000


def test_on_a_slow_network_drawing_goes_on_and_the_answer_comes(home, hand, draw, model):
    hand.send("Network.enable")
    hand.send("Network.emulateNetworkConditions", SLOW)
    draw()
    expect_state(home, "waiting")
    draw(LINE)
    assert ink_on(home) > 0
    expect(home.locator("[data-digit]")).to_have_attribute("data-digit", "7", timeout=20_000)
    assert strokes(model)[-1] == 2
