"""Answers on the visitor's own device: equal to Python's, private on request, and never stuck."""

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import recognizer
from recognizer.pictures import decode
from tests.golden.apart import ONE_APART, SEVERAL, beside
from tests.golden.drawings import DIGITS
from tests.golden.rendering import illuminate, render
from tests.support.answers import answers_to_drawings, answers_to_pictures, assert_same, in_page, png_of
from tests.support.visitor import (
    SAVES_DATA,
    draw_seven,
    expect_digit,
    expect_source,
    expect_state,
    keep_here,
)

GOLDEN = Path(__file__).parents[1] / "golden"
STATIC = "/static/digit_recognition"


def read_golden(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def test_golden_drawings_are_answered_as_in_python(page: Page, shipped):
    cases = read_golden("strokes.json")
    page.goto(shipped)
    found = answers_to_drawings(page, [case["strokes"] for case in cases])
    wanted = recognizer.load().read_strokes((case["strokes"] for case in cases), min_extent=8)
    assert len(found) > 40
    for case, here, there in zip(cases, found, wanted, strict=True):
        assert_same(here, there, case["name"])


def test_golden_pictures_are_answered_as_in_python(page: Page, shipped):
    cases = read_golden("pixels.json")
    grays = [np.frombuffer(base64.b64decode(case["gray"]), np.uint8).reshape(case["size"][::-1]) for case in cases]
    page.goto(shipped)
    found = answers_to_pictures(page, grays)
    for case, here, there in zip(cases, found, recognizer.load().read_pixels(grays), strict=True):
        assert_same(here, there, case["name"])


NUMBERS = {
    "20274": beside("2 plain", "0 round", "2 looped", "7 crossed", "4 open", step=150),
    "580, close": beside("5 with a hat", "8 in one stroke", "0 open", step=80),
    "a hat drawn late": [*beside("5 with a hat", "1 flagged")[1:], beside("5 with a hat")[0]],
    "31 characters": beside(*["1 bar", "7 plain", "3 flat"] * 10, "1 bar"),
    **SEVERAL,
    **ONE_APART,
}


def test_numbers_are_read_as_in_python(page: Page, shipped):
    page.goto(shipped)
    found = answers_to_drawings(page, list(NUMBERS.values()))
    wanted = recognizer.load().read_strokes(NUMBERS.values(), min_extent=8)
    for name, here, there in zip(NUMBERS, found, wanted, strict=True):
        assert_same(here, there, name)


def test_pictures_of_numbers_are_read_as_in_python(page: Page, shipped):
    pictures = {name: render(drawing, 420, 400, 3) for name, drawing in NUMBERS.items()}
    pictures["on gray paper"] = illuminate(render(NUMBERS["20274"], 500, 480, 4, paper=90, ink=50), 1, 3)
    pictures["shrunk"] = render(NUMBERS["580, close"], 1500, 1400, 12)
    page.goto(shipped)
    found = answers_to_pictures(page, list(pictures.values()))
    for name, here, there in zip(pictures, found, recognizer.load().read_pixels(pictures.values()), strict=True):
        assert_same(here, there, name)


TRANSPARENT = {
    "black ink on nothing": lambda: np.dstack(
        [np.zeros((40, 40, 3), np.uint8), render(DIGITS["7 crossed"], 40, 30, 3)]
    ),
    "gray on half of white": lambda: np.dstack([*[render(DIGITS["7 crossed"], 40, 30, 3)] * 3, np.full((40, 40), 128)]),
    "coloured, opaque": lambda: np.dstack([render(DIGITS["7 crossed"], 40, 30, 3), *[np.full((40, 40), 90)] * 2]),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_a_picture_becomes_the_gray_that_python_makes_of_it(home, name):
    rgba = TRANSPARENT[name]().astype(np.uint8)
    whole = np.dstack([rgba, np.full((40, 40), 255, np.uint8)]) if rgba.shape[2] == 3 else rgba
    body = f"""async (given) => {{
        const {{ grayOf }} = await import('{STATIC}/engine/pictures.js');
        return Array.from(grayOf({{ data: Uint8ClampedArray.from(given), width: 40, height: 40 }}).gray);
    }}"""
    assert home.evaluate(body, whole.ravel().tolist()) == decode(png_of(rgba)).ravel().tolist()


def test_large_pictures_shrink_to_the_golden_ones(home):
    body = f"""async (given) => {{
        const {{ shrink }} = await import('{STATIC}/engine/pictures.js');
        return given.map(({{ size: [width, height], gray }}) => {{
            const bytes = Uint8Array.from(atob(gray), (letter) => letter.charCodeAt(0));
            const found = shrink({{ gray: bytes, width, height }});
            return {{ size: [found.width, found.height], gray: btoa(String.fromCharCode(...found.gray)) }};
        }});
    }}"""
    cases = read_golden("shrinking.json")
    assert home.evaluate(body, [case["large"] for case in cases]) == [case["small"] for case in cases]


def test_golden_strokes_become_the_golden_segments(home):
    cases = read_golden("segments.json")
    body = f"""async (given) => {{
        const {{ segmentsOf }} = await import('{STATIC}/engine/ink.js');
        return given.map((strokes) => Array.from(segmentsOf(strokes)));
    }}"""
    found = home.evaluate(body, [case["strokes"] for case in cases])
    for case, segments in zip(cases, found, strict=True):
        np.testing.assert_allclose(segments, case["segments"], rtol=0, atol=1e-6, err_msg=case["name"])


def test_the_server_answers_until_the_engine_is_ready(page: Page, shipped):
    page.route("**/*.wasm", lambda route: None)  # it never comes
    page.goto(shipped)
    draw_seven(page)
    expect_digit(page, "7")
    expect_source(page, "Answered by the server")
    page.unroute("**/*.wasm")
    page.reload()
    page.wait_for_function(f"import('{STATIC}/answer/device.js').then(() => true)")
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")


def test_drawings_kept_on_this_device_are_never_sent(page: Page, shipped, sent):
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")
    page.locator("[data-action=clear]").click()
    page.locator(".canvas").click()
    expect_state(page, "declined")
    assert [request for request in sent if not request.startswith("GET ")] == []
    page.reload()
    expect(page.get_by_label("Keep my drawings on this device")).to_be_checked()
    draw_seven(page)
    expect_source(page, "Answered on this device")
    assert [request for request in sent if not request.startswith("GET ")] == []


def test_the_choice_holds_in_every_tab_and_after_going_back(page: Page, shipped, context):
    page.goto(shipped)
    other = context.new_page()
    other.goto(shipped)
    keep_here(other)
    expect(page.get_by_label("Keep my drawings on this device")).to_be_checked()
    page.evaluate("localStorage.setItem('keep-drawings-here', 'false')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_label("Keep my drawings on this device")).not_to_be_checked()


def test_choosing_the_server_again_answers_at_once(page: Page, shipped):
    page.add_init_script("delete globalThis.Worker")
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_state(page, "failed")
    page.get_by_label("Keep my drawings on this device").uncheck()
    expect_source(page, "Answered by the server")


def test_choosing_to_keep_drawings_here_cancels_a_pending_request(page: Page, shipped, sent):
    held = []
    page.add_init_script("globalThis.requestIdleCallback = () => {}")
    page.route(f"{shipped}/", remove_token)
    page.route("**/token/", lambda route: held.append(route))
    page.goto(shipped)
    with page.expect_request("**/token/"):
        draw_seven(page)
    keep_here(page)
    expect_source(page, "Answered on this device")
    held[0].continue_()
    page.wait_for_timeout(300)
    assert [request for request in sent if not request.startswith("GET ")] == []


def remove_token(route):
    """Remove the tokens, as in a page cached for offline use."""
    response = route.fetch()
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", response.text())
    route.fulfill(response=response, body=text)


def test_a_browser_that_saves_data_loads_no_engine(page: Page, shipped, sent):
    page.add_init_script(SAVES_DATA)
    page.goto(shipped)
    draw_seven(page)
    expect_source(page, "Answered by the server")
    assert not any("wasm" in request or "/parts/" in request for request in sent)


def test_the_engine_is_loaded_once(page: Page, shipped, sent):
    page.goto(shipped)
    keep_here(page)
    for _ in range(3):
        draw_seven(page)
    expect_source(page, "Answered on this device")
    for part in (".wasm", "strokes.onnx", "model.onnx", "engine.js"):
        assert sum(request.endswith(part) for request in sent) == 1, part


def test_a_dropped_question_is_not_answered_and_the_next_one_is(page: Page, shipped):
    page.goto(shipped)
    strokes = read_golden("strokes.json")[0]["strokes"]
    found = in_page(
        page,
        """const dropped = new AbortController();
        await device.ask({ strokes: given }, still);
        const first = device.ask({ strokes: given }, dropped.signal).catch((error) => error.kind);
        await Promise.resolve(), dropped.abort();
        return [await first, (await device.ask({ strokes: given }, still)).digits.length];""",
        strokes,
    )
    assert found == ["dropped", 1]
