"""Several digits on the visitor's device: found by the same rule as in Python, and told on the page."""

import base64
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import recognizer
from recognizer.parts import may_stand_apart
from tests.golden.apart import ONE_APART, SEVERAL
from tests.golden.rendering import illuminate, render
from tests.support.stand_in import prediction
from tests.support.visitor import expect_digit, expect_source, expect_state, keep_here, on_canvas, send_picture

GOLDEN = Path(__file__).parents[1] / "golden"
ENGINE = "/static/digit_recognition/engine"


def read_golden(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def bytes_of(coded):
    return np.frombuffer(base64.b64decode(coded["gray"]), np.uint8).reshape(coded["size"][::-1])


@pytest.fixture
def here(page: Page, shipped):
    """The page with the engine on the device."""
    page.goto(shipped)
    keep_here(page)
    return page


def draw(page, drawing):
    """Draw by mouse. drawing: about 200 wide and high."""
    for stroke in drawing:
        places = on_canvas(page, [(0.1 + x / 260, 0.1 + y / 260) for x, y in stroke])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def test_strokes_have_the_golden_parts(home):
    cases = read_golden("parts.json")
    body = f"""async (given) => {{
        const {{ partsOfStrokes }} = await import('{ENGINE}/parts.js');
        const {{ partsToRead }} = await import('{ENGINE}/several.js');
        const {{ thinnedOf }} = await import('{ENGINE}/ink.js');
        return given.map((strokes) => {{
            const boxes = partsOfStrokes(thinnedOf(strokes)).map(({{ box }}) => box);
            return {{ boxes, read: partsToRead(boxes) }};
        }});
    }}"""
    found = home.evaluate(body, [case["strokes"] for case in cases])
    assert found == [{"boxes": case["boxes"], "read": case["read"]} for case in cases]


def test_the_quick_look_is_the_same_as_in_python(home):
    drawings = [case["strokes"] for case in read_golden("parts.json") + read_golden("strokes.json")]
    body = f"""async (given) => {{
        const {{ mayStandApart }} = await import('{ENGINE}/parts.js');
        return given.map(mayStandApart);
    }}"""
    wanted = [may_stand_apart([np.array(stroke, float) for stroke in drawing]) for drawing in drawings]
    assert home.evaluate(body, drawings) == wanted and len(set(wanted)) == 2


def test_ink_has_the_golden_parts(home):
    cases = read_golden("ink_parts.json")
    body = f"""async (given) => {{
        const {{ partsOfInk }} = await import('{ENGINE}/parts.js');
        const {{ partsToRead }} = await import('{ENGINE}/several.js');
        return given.map(({{ size: [width, height], gray }}) => {{
            const parts = partsOfInk({{ ink: Float32Array.from(gray, (tone) => tone / 255), width, height }});
            const cuts = partsToRead(parts?.boxes ?? []).map((index) => parts.cutOut(index));
            const read = cuts.map(({{ ink, width, height }}) =>
                ({{ size: [width, height], gray: Array.from(ink, (tone) => Math.round(tone * 255)) }}));
            return {{ boxes: parts?.boxes ?? [], read }};
        }});
    }}"""
    found = home.evaluate(body, [{"size": case["size"], "gray": bytes_of(case).ravel().tolist()} for case in cases])
    for case, here in zip(cases, found, strict=True):
        wanted = [{"size": cut["size"], "gray": bytes_of(cut).ravel().tolist()} for cut in case["read"]]
        assert here == {"boxes": case["boxes"], "read": wanted}, case["name"]


def test_the_rule_gives_the_golden_chance(home):
    cases = read_golden("several.json")
    body = f"""async (given) => {{
        const {{ chanceOfSeveral }} = await import('{ENGINE}/several.js');
        return given.map(({{ whole, readings }}) => chanceOfSeveral(whole, readings));
    }}"""
    assert home.evaluate(body, cases) == [case["chance"] for case in cases]


def test_two_digits_drawn_on_the_device_are_declined_with_words_that_help(here):
    draw(here, SEVERAL["81"])
    expect_source(here, "Answered on this device")
    expect(here.locator("[data-role=headline]")).to_have_text("More than one digit")
    expect(here.locator("[data-role=detail]")).to_have_text("I can only read one digit at a time.")
    expect(here.locator("[data-candidate=none]")).to_have_attribute("data-best", "")
    expect_digit(here, "")


def test_a_picture_of_two_digits_on_the_device_is_declined_as_such(here, tmp_path):
    file = BytesIO()
    Image.fromarray(render(SEVERAL["2 above 3"], 120, 110, 4)).save(file, "PNG")
    here.locator("#picture").set_input_files({"name": "two.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect_source(here, "Answered on this device")
    expect(here.locator("[data-role=headline]")).to_have_text("More than one digit")


def test_pictures_of_several_digits_are_answered_as_in_python(page: Page, shipped):
    pictures = [render(drawing, 160, 150, 3) for drawing in [*SEVERAL.values(), *ONE_APART.values()]]
    pictures.append(illuminate(render(SEVERAL["nine in a column"], 500, 480, 4, paper=90, ink=50), 1, 3))
    page.goto(shipped)
    files = []
    for picture in pictures:
        file = BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        files.append(base64.b64encode(file.getvalue()).decode())
    found = page.evaluate(
        """async (files) => {
            const { Device } = await import('/static/digit_recognition/answer/device.js');
            const device = new Device(JSON.parse(document.querySelector('[data-role=desk]').dataset.device));
            const answers = [];
            for (const png of files) {
                const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
                const picture = new Blob([bytes], { type: "image/png" });
                answers.push(await device.ask({ picture }, new AbortController().signal));
            }
            return answers.map(({ digit, reason, confidence }) => ({ digit, reason, confidence }));
        }""",
        files,
    )
    wanted = recognizer.load().predict_pixels(pictures)
    assert [(here["digit"], here["reason"]) for here in found] == [(each.digit, each.reason) for each in wanted]
    assert {each.reason for each in wanted} == {None, "several digits"}
    np.testing.assert_allclose([here["confidence"] for here in found], [each.confidence for each in wanted], atol=1e-4)


def test_a_digit_whose_hat_does_not_touch_is_answered_on_the_device(here):
    draw(here, ONE_APART["5 and its hat"])
    expect_source(here, "Answered on this device")
    expect_digit(here, "5")


def test_several_digits_have_no_bar_for_a_digit_also_without_a_class_for_others(home, model, draw):
    home.locator("[data-role=desk]").evaluate("desk => desk.dataset.rejects = 'false'")
    model.answer = prediction(None, "several digits")
    draw()
    expect_state(home, "declined")
    shares = home.locator("[data-candidate] [data-role=share]").all_inner_texts()
    assert all(float(share.rstrip("%")) < 5 for share in shares[:10])


def test_without_scripts_a_picture_of_several_digits_is_declined_with_words_that_help(browser, shipped):
    file = BytesIO()
    Image.fromarray(render(SEVERAL["81"], 120, 110, 6)).save(file, "PNG")
    page = browser.new_page(java_script_enabled=False)
    page.goto(shipped)
    send_picture(page, content=file.getvalue())
    expect(page.locator(".headline")).to_have_text("More than one digit")
    page.close()
